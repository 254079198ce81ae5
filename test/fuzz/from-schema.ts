import fc from 'fast-check'
import { type OpenApi, resolved, type Schema } from '../support/pinned-contract'
import { HERON, SAME } from '../support/twin-world'
import type { Value } from './evil'

/** Values that lead somewhere: what the tenant under fire has, by the names that both vendors give such things. */
const POOLS: readonly (readonly [RegExp, readonly Value[]])[] = [
  [
    /^(user|member|recipient)?id$|^member$|userId/i,
    [HERON.annexId, HERON.otherAnnexId, SAME.order, 'nobody@heron.example'],
  ],
  [/order(id|key)?$|parentBill|^id$|transactionId/i, [SAME.order, SAME.issuance, 'order-2', '1']],
  [/billNumber|number/i, [SAME.bill, 'bill-2', 'bill-3']],
  [/identifierValue|^value$|mobile/i, [HERON.mobile, HERON.otherMobile, '50', '919999999999']],
  [/identifierType|identifierName/i, ['mobile', 'email', 'externalId']],
  [/activity/i, ['CREDIT', 'DEBIT', 'credit']],
  [/status/i, ['SHIP', 'HOLD', 'return', 'cancel', 'ACTIVE', 'Partial Return', 'SHIPPED']],
  [/returnType/i, ['AMOUNT', 'FULL', 'LINE_ITEM', 'CANCELLED', '']],
  [/^type$/i, ['REGULAR', 'RETURN', 'NOT_INTERESTED', 'NOT_INTERESTED_RETURN', 'MIXED']],
  [/actionId/i, [100, 101, 107, 109, 160, 174, '8055']],
  [/rewardId/i, ['121', '122', 121]],
  [/groupId/i, ['g1']],
  [/source/i, ['INSTORE', 'instore', 'web']],
  [/redemptionId|externalReference/i, [SAME.redemption, 'redemption-2']],
  [/date|time/i, ['2026-01-05T10:00:00+05:30', '2026-01-05', '2026-01-05 10:00:00']],
  [/currency/i, ['INR', 'USD']],
]

const poolFor = (name: string): readonly Value[] | undefined =>
  POOLS.find(([pattern]) => pattern.test(name))?.[1]

const MAX_DEPTH = 5

/** Values that a schema describes, as a client would send them; names of members decide between texts. */
export function valuesOf(document: OpenApi, unresolved: Schema, name = '', depth = 0): fc.Arbitrary<Value> {
  const schema = resolved<Schema>(document, unresolved)
  const { anyOf, oneOf, allOf, items, properties, patternProperties = {}, enum: list } = schema
  if (depth > MAX_DEPTH) return fc.constant(null)
  const alternatives = anyOf ?? oneOf
  if (alternatives) return fc.oneof(...alternatives.map((one) => valuesOf(document, one, name, depth + 1)))
  if (allOf)
    return fc
      .tuple(...allOf.map((one) => valuesOf(document, one, name, depth + 1)))
      .map((parts) => Object.assign({}, ...parts) as Value)
  const pool = poolFor(name)
  if (list) return fc.constantFrom(...(list as Value[]))
  if (items) return fc.array(valuesOf(document, items, name, depth + 1), { minLength: 1, maxLength: 2 })
  const [numbered] = Object.values(patternProperties)
  if (!properties && numbered)
    return valuesOf(document, numbered, name, depth + 1).map((one) => ({ '1': one }))
  if (properties) return recordOf(document, properties, schema.required ?? [], depth)
  if (pool) return fc.constantFrom(...pool)
  return scalarOf([schema.type ?? 'string'].flat())
}

/** What is required and about half of the rest. */
function recordOf(
  document: OpenApi,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  depth: number,
): fc.Arbitrary<Value> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesOf(document, schema, name, depth + 1)]),
  )
  return fc.record(members, {
    requiredKeys: required.filter((name) => name in members),
  })
}

function scalarOf(types: readonly string[]): fc.Arbitrary<Value> {
  const has = (type: string) => types.includes(type)
  if (has('boolean')) return fc.boolean()
  if (has('object')) return fc.constant({ note: 'x' })
  if (has('number') || has('integer')) return fc.constantFrom<Value[]>(1, 2, 10, '5', 0.5, 200)
  return fc.constantFrom('a', 'YES', 'NO', '2', 'note')
}

/** What stands in a place of a path or a query. */
export const textFor = (name: string): fc.Arbitrary<string> =>
  fc.constantFrom(...(poolFor(name) ?? ['1', 'true', 'a'])).map(String)
