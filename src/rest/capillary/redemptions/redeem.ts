import { assertRedeemable, recordRedemption } from '../../../domain/points/record-redemption'
import { shortCode } from '../../../domain/points/short-code'
import { IdempotencyKeyReused } from '../../../domain/points/errors'
import type { Decimal } from '../../../domain/shared/decimal'
import { InvalidPoints } from '../../../domain/shared/errors'
import { points, type Points } from '../../../domain/shared/points'
import type { Answer, Call } from '../call'
import { customerById } from '../customers/lookup'
import { programsAsked } from '../customers/programs'
import { refusal } from '../errors'
import { idNumber, pointsNumber } from '../numbers'
import { assertRedemptionsEnabled, inTheWordsOfPoints, readBody } from './redeemer'
import { payerShown } from './payer'
import { RedeemPointsBody } from './redemptions.contract'

/** Redeems points; with `commit` false only says whether they could be. */
export async function redeemPoints(call: Call): Promise<Answer> {
  const { deps, signIn, request } = call
  assertRedemptionsEnabled(call)
  const body = readBody(RedeemPointsBody, call)
  if (body.redemptionType && body.redemptionType !== 'POINTS')
    throw refusal(400, 400, 'redemptionType must be POINTS.')
  const { fromGroup } = signIn.settings.redemptions
  if (body.groupRedemption && !fromGroup)
    throw refusal(400, 400, 'groupRedemption: the organization has not switched it on.')
  const [program] = programsAsked(call)
  const { id } = await customerById(call)
  const asked = {
    member: id,
    program: program ?? signIn.caller.tenant.setup.defaultProgram,
    points: pointsOf(body.points),
    fromGroup: fromGroup && body.groupRedemption !== false,
  }
  const answered = { customerId: idNumber(id), warnings: [], errors: [] }
  try {
    if (body.commit === false) {
      await assertRedeemable(deps.loyalty, signIn.caller, asked)
      return { status: 200, body: { pointsRedeemed: 0, ...answered } }
    }
    const redemption = await recordRedemption(deps.loyalty, signIn.caller, {
      ...asked,
      code: shortCode(),
      externalRef: body.externalReferenceNumber ?? null,
      billNumber: body.transactionNumber ?? null,
      requestId: request.requestId,
    })
    return {
      status: 200,
      body: {
        redemptionId: redemption.code,
        pointsRedeemed: pointsNumber(redemption.points),
        ...(redemption.externalRef !== null && { externalReferenceNumber: redemption.externalRef }),
        ...(redemption.billNumber !== null && { transactionNumber: redemption.billNumber }),
        ...(asked.fromGroup && {
          crossMemberRedemptionBreakup: redemption.payments.map(({ payer, points: paid }) => ({
            ...payerShown(payer),
            pointsRedeemed: pointsNumber(paid),
          })),
        }),
        ...answered,
      },
    }
  } catch (error) {
    if (error instanceof IdempotencyKeyReused)
      throw refusal(400, 686, 'The external reference number is of another redemption.')
    throw error instanceof InvalidPoints ? invalidPoints() : inTheWordsOfPoints(error)
  }
}

const invalidPoints = () => refusal(400, 801, 'The points to redeem are not valid.')

/** More than any wallet holds. */
export const TOO_MANY = '9e12'

function pointsOf(said: Decimal | undefined): Points {
  if (!said) throw refusal(400, 403, 'points is mandatory.')
  if (said.decimalPlaces() > 3) throw refusal(400, 878, 'Points have at most three decimals.')
  if (!said.gt(0) || said.gte(TOO_MANY)) throw invalidPoints()
  return points(said.toFixed())
}
