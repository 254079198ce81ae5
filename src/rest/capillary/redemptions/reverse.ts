import { MemberNotFound } from '../../../domain/members/errors'
import { shortCode } from '../../../domain/points/short-code'
import { reverseRedemption } from '../../../domain/points/reverse-redemption'
import type { Decimal } from '../../../domain/shared/decimal'
import { InvalidPoints } from '../../../domain/shared/errors'
import { points, type Points } from '../../../domain/shared/points'
import { JsonNumber, type Writable } from '../../shared/json'
import type { Answer, Call } from '../call'
import { item, refusal } from '../errors'
import { idNumber, pointsNumber } from '../numbers'
import { payerShown } from './payer'
import { TOO_MANY } from './redeem'
import { assertRedemptionsEnabled, customerIn, readBody } from './redeemer'
import { ReversePointsBody } from './redemptions.contract'

/** Gives redeemed points back, all that is left of them or a part; what had expired is told and not given back. */
export async function reversePoints(call: Call): Promise<Answer> {
  const { deps, signIn, request } = call
  assertRedemptionsEnabled(call)
  const body = readBody(ReversePointsBody, call)
  if (!body.redemptionId) throw refusal(400, 403, 'redemptionId is mandatory.')
  const customer = customerIn(body.identifier, 'type', 'value')
  const asked = body.pointsToBeReversed ? pointsOf(body.pointsToBeReversed) : null
  const said = {
    orgId: idNumber(signIn.settings.orgId),
    identifier: { type: customer.type, value: customer.value },
    redemptionId: body.redemptionId,
  }
  if (!signIn.settings.redemptions.reversible)
    return { status: 200, body: { ...said, ...notReversible(body) } }
  const reversalCode = shortCode()
  try {
    const reversed = await reverseRedemption(deps.loyalty, signIn.caller, {
      code: body.redemptionId,
      points: asked,
      member: customer.who,
      reversalCode,
      requestId: request.requestId,
    })
    return {
      status: 200,
      body: {
        ...said,
        customerId: idNumber(reversed.redemption.memberId),
        reversalId: reversalCode,
        pointsToBeReversed: pointsNumber(reversed.points),
        pointsReversed: pointsNumber(reversed.points),
        pointsReversedDetails: {
          available: pointsNumber(reversed.available),
          expired: pointsNumber(reversed.lapsed),
        },
        ...(signIn.settings.redemptions.fromGroup && {
          crossMemberReversalBreakup: reversed.payments.map(({ payer, available, lapsed }) => ({
            ...payerShown(payer),
            available: pointsNumber(available),
            expired: pointsNumber(lapsed),
          })),
        }),
        warnings: [],
        errors: [],
      },
    }
  } catch (error) {
    if (error instanceof MemberNotFound) throw refusal(400, 816, 'No customer was found.')
    throw error instanceof InvalidPoints ? invalidPoints() : error
  }
}

/** The published answer of an organization that has not switched reversals on: nothing reversed, and a warning. */
const notReversible = ({ pointsToBeReversed }: ReversePointsBody): Readonly<Record<string, Writable>> => ({
  reversalId: '',
  pointsToBeReversed: pointsToBeReversed ? new JsonNumber(pointsToBeReversed.toFixed()) : 0,
  pointsReversed: 0,
  pointsReversedDetails: { available: 0, expired: 0 },
  warnings: [item(905, 'The organization does not allow redemptions to be reversed.')],
  errors: [],
})

const invalidPoints = () => refusal(400, 887, 'The points to be reversed are not valid.')

function pointsOf(said: Decimal): Points {
  if (said.decimalPlaces() > 3) throw refusal(400, 878, 'Points have at most three decimals.')
  if (!said.gt(0) || said.gte(TOO_MANY)) throw invalidPoints()
  return points(said.toFixed())
}
