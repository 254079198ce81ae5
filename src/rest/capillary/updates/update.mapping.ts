import { isNumberId, type LineId, type TransactionId } from '../../../domain/shared/ids'
import type { Json } from '../../../domain/shared/json'
import type { UpdateTransaction } from '../../../domain/transactions/update-transaction'
import type { FieldChanges } from '../../../domain/transactions/transaction-changes'
import type { JsonMap } from '../../shared/json'
import { refusal, type StatusItem } from '../errors'
import type { CapillarySettings } from '../settings'
import { customFields, extendedFields, type KeptFields } from '../transactions/fields'
import { MODIFIED_BY } from '../transactions/transaction-details.mapping'
import type { UpdatedLineBody, UpdateTransactionBody } from './update.contract'

export interface MappedUpdate {
  readonly command: UpdateTransaction
  readonly warnings: readonly StatusItem[]
}

/** What is known of a change besides its body. */
export interface UpdateContext extends Pick<UpdateTransaction, 'member' | 'types'> {
  /** Where it is made. */
  readonly tillCode: string
}

/** A body without problems as a command. Throws CapillaryRefusal: 670 for neither id nor number, 667 for an id that is none. Pure. */
export function toUpdateTransaction(
  body: UpdateTransactionBody,
  { member, types, tillCode }: UpdateContext,
  { extendedFields: extended, customFields: custom }: CapillarySettings,
): MappedUpdate {
  const fields = changed(body.extendedFields, (map) => extendedFields(map, extended.transaction))
  const own = changed(body.customFields, (map) => customFields(map, custom.transaction))
  const lines = (body.lineItems ?? []).map((line) => ({
    line,
    fields: changed(line.extendedFields, (map) => extendedFields(map, extended.lineItem)),
  }))
  const promotions = body.loyaltyPromotionIdentifiers
  return {
    command: {
      transaction: namedBy(body),
      member,
      types,
      deliveryStatus: body.deliveryStatus ?? null,
      customFields: own.changes,
      extendedFields: fields.changes,
      attributes: {
        ...(promotions && promotions.length > 0 && { loyaltyPromotionIdentifiers: promotions }),
        [MODIFIED_BY]: tillCode,
      },
      lines: lines.map(({ line, fields: { changes } }) => ({
        ...lineNamedBy(line),
        extendedFields: changes,
      })),
    },
    warnings: [...fields.warnings, ...lines.flatMap(({ fields: { warnings } }) => warnings), ...own.warnings],
  }
}

/** The id wins where both are given. */
function namedBy({ id, number }: UpdateTransactionBody): UpdateTransaction['transaction'] {
  if (id !== undefined) {
    if (!isNumberId(id)) throw noSuchId()
    return { id: id as TransactionId }
  }
  if (number === undefined)
    throw refusal(400, 670, 'Neither the id nor the number of the transaction is given.')
  return { billNumber: number }
}

export const noSuchId = () => refusal(400, 667, 'The customer has no transaction with this id.')
export const noSuchNumber = () => refusal(400, 668, 'The customer has no transaction with this number.')

function lineNamedBy({ id, itemCode }: UpdatedLineBody): { id: LineId | null; itemCode: string | null } {
  if (id !== undefined && !isNumberId(id))
    throw refusal(400, 1119, 'The transaction has no line with this id.')
  return { id: id === undefined ? null : (id as LineId), itemCode: itemCode ?? null }
}

/** What is set, and what a null removes: a null of a name that was never set changes nothing. */
function changed(
  fields: JsonMap | undefined,
  keep: (fields: JsonMap) => KeptFields,
): { readonly changes: FieldChanges; readonly warnings: readonly StatusItem[] } {
  const { values, warnings } = keep(fields ?? {})
  const removed = Object.entries(fields ?? {}).flatMap(([name, value]): [string, Json][] =>
    value === null ? [[name, null]] : [],
  )
  const set = Object.entries(values).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  )
  return { changes: Object.fromEntries([...removed, ...set]), warnings }
}
