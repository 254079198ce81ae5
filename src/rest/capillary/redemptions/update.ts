import { amendRedemption } from '../../../domain/points/amend-redemption'
import type { Redemption } from '../../../domain/points/redemption'
import { isNumberId, type TransactionId } from '../../../domain/shared/ids'
import type { JsonObject } from '../../../domain/shared/json'
import { plainJson, type Writable } from '../../shared/json'
import type { Answer, Call } from '../call'
import { refusal } from '../errors'
import { idNumber, pointsNumber } from '../numbers'
import { noSuchId } from '../updates/update.mapping'
import { assertRedemptionsEnabled, customerIn, readBody } from './redeemer'
import { UpdateRedemptionBody } from './redemptions.contract'

/** Ties a redemption to a bill, and says what it was for. */
export async function updateRedemption(call: Call): Promise<Answer> {
  const { deps, signIn } = call
  assertRedemptionsEnabled(call)
  const body = readBody(UpdateRedemptionBody, call)
  const redemption = await amendRedemption(deps.loyalty, signIn.caller, {
    redemption: nameIn(body),
    member: body.entity ? customerIn(body.entity, 'identifierType', 'identifierValue').who : null,
    billNumber: body.billNumber ?? null,
    transactionId: await transactionIn(call, body),
    purpose: body.purpose ?? null,
    customFields: (body.customFields ? plainJson(body.customFields) : {}) as JsonObject,
  })
  return { status: 200, body: toRedemption(redemption) }
}

function nameIn({ redemptionId, externalReferenceNumber }: UpdateRedemptionBody) {
  if (redemptionId) return { code: redemptionId }
  if (externalReferenceNumber) return { externalRef: externalReferenceNumber }
  throw refusal(400, 403, 'redemptionId or externalReferenceNumber is mandatory.')
}

async function transactionIn(
  { deps, signIn }: Call,
  { billId }: UpdateRedemptionBody,
): Promise<TransactionId | null> {
  if (billId === undefined || billId === '-1') return null
  const [found] = isNumberId(billId)
    ? await deps.stores.transactions.findByIds(signIn.caller.tenant.id, [billId as TransactionId])
    : []
  if (!found) throw noSuchId()
  return found.id
}

const toRedemption = (redemption: Redemption): Readonly<Record<string, Writable>> => ({
  id: idNumber(redemption.id),
  redemptionId: redemption.code,
  programId: idNumber(redemption.programId),
  customerId: idNumber(redemption.memberId),
  pointsRedeemed: pointsNumber(redemption.points),
  billId: redemption.transactionId === null ? -1 : idNumber(redemption.transactionId),
  billNumber: redemption.billNumber ?? '',
  ...(redemption.externalRef !== null && { externalReferenceNumber: redemption.externalRef }),
  purpose: redemption.purpose ?? '',
  customFields: redemption.customFields,
  warnings: [],
  errors: [],
})
