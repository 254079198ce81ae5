import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import type { IdentityKey } from '../members/member'
import { expiryOf } from '../points/earning'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import { DateInFuture, OrderDateRequired } from '../purchases/errors'
import { isAhead, type ClientInstant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import { type Points } from '../shared/points'
import type { NewIssuanceLine } from './issuance'
import {
  assertIssuable,
  type ChangedIssuance,
  finishIssuance,
  grantPoints,
  type IssuanceBooking,
} from './issuance-points'
import { NO_PART } from './plan-change'

/** What a client says of an issuance, when it is made and whenever it is rewritten. */
export interface IssuanceFacts {
  readonly actionId: number
  readonly store: { readonly door: string; readonly code: string } | null
  readonly source: string | null
  readonly total: Amount
  readonly discount: Amount | null
  /** Zero or more, as the client computed them. */
  readonly points: Points
  readonly date: ClientInstant | null
  /** True: the date is required and dates it. False: it is dated when it arrives. */
  readonly datedByClient: boolean
  readonly lines: readonly NewIssuanceLine[]
  /** The client's word for its state. */
  readonly status: string
  readonly attributes: JsonObject
}

export interface RecordIssuance extends IssuanceFacts {
  readonly program: Program
  readonly member: IdentityKey
  /** 1 to 255 characters, unique among issuances of the tenant. */
  readonly issuanceKey: string
  /** True: its points wait until it ships. */
  readonly held: boolean
  readonly booking: IssuanceBooking
}

/**
 * Stores an issuance and grants exactly the points that the client computed, then counts the spend and re-evaluates the
 * tier; all of it or nothing. Refuses with OrderDateRequired, DateInFuture, ActionNotFound, InvalidPoints,
 * MemberNotFound, MemberMayNotAct, ExpiryNotAfterAward and DuplicateIssuance. Source: contract of the orders door,
 * section 9.
 */
export async function recordIssuance(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RecordIssuance,
): Promise<ChangedIssuance> {
  const { tenant } = caller
  const { program, points, total, held } = command
  const { at } = datedIssuance(command, tenant.time.now)
  assertIssuable(program, command.actionId, points)
  return deps.unitOfWork.run(async (stores) => {
    const found = await stores.members.findInProgram(tenant.id, command.member, program.id)
    if (!found) throw new MemberNotFound(command.member)
    assertMayAct(found.member)
    const store =
      command.store && (await stores.shops.findByCode(tenant.id, command.store.door, command.store.code))
    const issuance = await stores.issuances.add(
      tenant.id,
      {
        issuanceKey: command.issuanceKey,
        memberId: found.member.id,
        programId: program.id,
        actionId: command.actionId,
        storeCode: command.store?.code ?? null,
        storeId: store?.id ?? null,
        source: command.source,
        total,
        discount: command.discount,
        currency: tenant.setup.currency,
        issuedAt: at,
        expiresAt: expiryOf(program.expiry, at, tenant.setup.timeZone),
        points,
        state: held ? 'PLACED' : 'SHIPPED',
        status: command.status,
        waiting: held ? { points, spend: total } : NO_PART,
        attributes: command.attributes,
      },
      command.lines,
    )
    const change = { stores, caller, program, booking: command.booking }
    const awarded = await grantPoints(change, issuance, { grantNo: 0, points }, held ? 'unknown' : null)
    return finishIssuance(change, null, issuance, { awarded, removed: [] })
  })
}

/** When an issuance was made. Throws OrderDateRequired, DateInFuture. Pure. */
export function datedIssuance(
  { date, datedByClient }: Pick<IssuanceFacts, 'date' | 'datedByClient'>,
  now: ClientInstant['at'],
): ClientInstant {
  if (datedByClient && !date) throw new OrderDateRequired()
  if (date && isAhead(date.at, now)) throw new DateInFuture('placedAt')
  return datedByClient && date ? date : { at: now, offset: null }
}
