import { creditPoints } from '../../../domain/points/credit-points'
import { debitPoints } from '../../../domain/points/debit-points'
import type { PointsBooked } from '../../../domain/points/points-ask'
import { sharePoints } from '../../../domain/points/share-points'
import { groupWalletOf, statementOf } from '../../../domain/points/wallet'
import type { Store } from '../../../domain/programs/store'
import { isJsonMap, type JsonMap, type JsonValue, type Writable } from '../../shared/json'
import { inLanes } from '../bulk'
import { failureOfEntry, invalid, missing, SpelledTwice } from '../errors'
import { type AnnexCall, type AnnexEndpoint, jsonIn, objectIn } from '../routes'
import { ANNEX } from '../settings'
import { isAbsent } from '../validation'
import { type IdLike, isIdLike, textFrom } from '../values'
import { toBulkResult } from './bulk-points.mapping'
import { toGroupDetails } from './points.mapping'
import { toPointsResult } from './post-points.answer'
import type { PointsBody } from './post-points.contract'
import {
  assertVariant,
  isDebit,
  toCreditPoints,
  toDebitPoints,
  toPointsBody,
  toSharePoints,
  type Variant,
  variantOf,
} from './post-points.mapping'

/** `POST /points`: awards, redeems, deducts and transfers points, in seven variants (contract, section 7). */
export const postPoints: AnnexEndpoint = {
  method: 'POST',
  path: '/points',
  operation: 'postPoints',
  async answer(call) {
    const { program, siteId } = call.caller
    const body = toPointsBody(objectIn(call.request))
    const variant = variantOf(body)
    try {
      assertVariant(body, variant, program)
      const { receipt } = await book(call, body, variant)
      const store = await storeNamed(call, body.storeId)
      return toPointsResult({
        siteId,
        program,
        body,
        variant,
        receipt,
        store,
        group: await groupOf(call, body, variant),
      })
    } catch (error) {
      throw variant === 'member to group' ? new SpelledTwice(error) : error
    }
  },
}

/** As many entries as a bulk call may have (contract, section 5). */
const MOST_ENTRIES = 1_000

/** `POST /bulkpoints`: adjusts the points of several members, each for itself (contract, section 7). */
export const postBulkPoints: AnnexEndpoint = {
  method: 'POST',
  path: '/bulkpoints',
  operation: 'postBulkPoints',
  async answer(call) {
    const sent = jsonIn(call.request)
    const entries = entriesOf(sent)
    if (entries.length === 0) throw missing(['1'])
    if (entries.length > MOST_ENTRIES) throw invalid(['more than 1000 entries'])
    const results = await inLanes(
      entries,
      ([, entry]) => memberIn(entry),
      ([, entry]) => resultOfEntry(call, entry),
    )
    if (Array.isArray(sent)) return results
    return Object.fromEntries(entries.map(([name], index) => [name, results[index]]))
  },
}

/** Numbered entries in the order of their numbers; of an array, by their places. Other properties are not entries. */
function entriesOf(sent: JsonValue): readonly [string, JsonValue | undefined][] {
  if (Array.isArray(sent)) return sent.map((entry: JsonValue, index) => [String(index + 1), entry])
  if (!isJsonMap(sent)) return []
  return Object.entries(sent)
    .filter(([name]) => /^\d{1,9}$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
}

/** Entries of one member are done in their order. */
const memberIn = (entry: JsonValue | undefined): string =>
  isJsonMap(entry) && isIdLike(entry['id']) ? textFrom(entry['id']).trim().toLowerCase() : ''

async function resultOfEntry(call: AnnexCall, entry: JsonValue | undefined): Promise<Writable> {
  const { siteId, program } = call.caller
  try {
    if (!isJsonMap(entry)) throw invalid(['entry'])
    // A reward is redeemed by a call of its own.
    const body = toPointsBody({ ...entry, rewardId: null })
    if (body.actionId === undefined) assertBulk(entry)
    const variant = isDebit(body) ? 'debit' : 'credit'
    assertVariant(body, variant, program)
    const { receipt } = await book(call, body, variant)
    return toBulkResult({ siteId, body, receipt, store: await storeNamed(call, body.storeId) })
  } catch (error) {
    const id = isJsonMap(entry) && !isAbsent(entry['id']) ? entry['id'] : undefined
    return { ...(isIdLike(id) ? { id: textFrom(id) } : {}), ...failureOfEntry(error, call.request) }
  }
}

/** What the entries of a bulk call need besides (seed 002). */
function assertBulk(entry: JsonMap): void {
  throw missing(['id', 'actionId', 'activity'].filter((name) => isAbsent(entry[name])))
}

function book(
  { deps, caller, request }: AnnexCall,
  body: PointsBody,
  variant: Variant,
): Promise<PointsBooked> {
  const { requestId } = request
  if (variant === 'credit') return creditPoints(deps, caller, toCreditPoints(body, caller, requestId))
  if (variant === 'debit' || variant === 'reward') {
    return debitPoints(deps, caller, toDebitPoints(body, caller, requestId))
  }
  return sharePoints(deps, caller, toSharePoints(body, variant, caller, requestId))
}

const storeNamed = async ({ deps, caller }: AnnexCall, storeId: IdLike | undefined): Promise<Store | null> =>
  storeId === undefined ? null : deps.stores.shops.findByCode(caller.tenant.id, ANNEX, textFrom(storeId))

/** The group's figures, where the answer tells them. */
async function groupOf({ deps, caller }: AnnexCall, body: PointsBody, variant: Variant): Promise<Writable> {
  if (variant !== 'group to member' && variant !== 'member to group') return undefined
  const { tenant, program } = caller
  const group = await deps.stores.groups.findByKey(tenant.id, textFrom(body.groupId ?? ''))
  if (!group) return undefined
  return toGroupDetails(
    group,
    await statementOf(deps.stores.accounts, tenant, groupWalletOf(tenant, group, program)),
  )
}
