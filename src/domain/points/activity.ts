import type { Member } from '../members/member'
import type { MemberPageRequest } from '../members/member-store'
import type { AccountId, MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Page, PageRequest, Period } from '../shared/pages'
import type { Points } from '../shared/points'
import type { TenantId, ProgramId } from '../shared/ids'
import type { PurchaseRef } from './ledger'

export const ENTRY_KINDS = [
  'AWARD',
  'MATURE',
  'REDEEM',
  'REVERSE',
  'EXPIRE',
  'HOLD',
  'CAPTURE',
  'RELEASE',
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'ADJUST',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** One entry of a wallet's journal, as people read it. */
export interface PointsActivity {
  readonly accountId: AccountId
  /** Gapless per wallet, from 1. */
  readonly seq: string
  readonly memberId: MemberId | null
  readonly kind: EntryKind
  /** Change of the spendable balance, and of what is pending and held. */
  readonly available: Points
  readonly pending: Points
  readonly held: Points
  readonly availableAfter: Points
  readonly actionId: number | null
  readonly reason: string | null
  readonly purchaseKind: PurchaseRef['kind'] | null
  readonly purchaseId: string | null
  readonly occurredAt: Instant
  readonly recordedAt: Instant
}

/** One source of an award: which line and rule earned it, into which lot. */
export interface AwardSource {
  readonly accountId: AccountId
  readonly seq: string
  readonly lineRef: string
  readonly rule: string
  readonly points: Points
  readonly reversed: Points
  readonly lotNo: string
  readonly expiresAt: Instant | null
}

/** An award by its natural key, as a reversal names it. */
export interface Award {
  readonly memberId: MemberId | null
  readonly programId: ProgramId
  readonly currency: string
  readonly source: { readonly type: string; readonly ref: string }
  readonly hasPurchase: boolean
  readonly lines: readonly { readonly lineRef: string; readonly awarded: Points }[]
}

/** Which lot paid how much of an entry. */
export interface Allocation {
  readonly accountId: AccountId
  readonly seq: string
  readonly lotNo: string
  readonly points: Points
}

export interface ActivityPageRequest extends PageRequest {
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly currency: string
  /** Left out: all. */
  readonly only?: ActivityFilter
}

/** Which entries of a journal, by when they were booked. */
export interface ActivityFilter extends Period {
  /** Null: of any kind. */
  readonly kinds: readonly EntryKind[] | null
}

/** What of an entry a store can write as JSON. Amounts are decimal text, instants ISO 8601 in UTC with microseconds. */
export type EntryValue =
  | 'kind'
  | 'change'
  | 'available'
  | 'pending'
  | 'held'
  | 'availableAfter'
  | 'actionId'
  | 'reason'
  | 'occurredAt'
  | 'recordedAt'

/** An opaque name of an entry: base64url of `after` and, behind it, its key (`account.seq`) or its position (`seq`). */
export interface EntryName {
  readonly of: 'key' | 'position'
  /** ASCII. */
  readonly after: string
}

/** How an entry is written: text as it is, and between it values as JSON. */
export type EntryTemplate = readonly (string | EntryName | { readonly value: EntryValue })[]

export interface ActivityTextRequest extends ActivityPageRequest {
  readonly template: EntryTemplate
}

/** A page of the journal of each of some members. */
export type JournalOfEach = Omit<ActivityTextRequest, 'memberId' | 'only'>

/** A page of members, and of each one's journal. */
export interface MembersWithJournals extends Page<Member> {
  /** In the order of the rows. */
  readonly journals: readonly TextPage[]
}

/** A page whose entries are written already, with commas between them; and the positions of its first and last one. */
export interface TextPage {
  readonly text: string
  readonly first: string | null
  readonly last: string | null
  readonly hasNext: boolean
}

export const EMPTY_TEXT_PAGE: TextPage = { text: '', first: null, last: null, hasNext: false }

export interface ActivityStore {
  /** Pages of members' journals, newest first, aligned with the requests; one statement. The position is the seq. */
  pagesOf(
    tenant: TenantId,
    requests: readonly ActivityPageRequest[],
  ): Promise<readonly Page<PointsActivity>[]>
  /** The same, oldest first. */
  oldestPagesOf(
    tenant: TenantId,
    requests: readonly ActivityPageRequest[],
  ): Promise<readonly Page<PointsActivity>[]>
  /** What purchases did to wallets, oldest first for each; those that moved no points are left out. One statement. */
  ofPurchases(tenant: TenantId, purchases: readonly PurchaseRef[]): Promise<readonly PointsActivity[]>
  /** The same pages, their entries written by the store: values that only pass through are never touched. One statement. */
  textPagesOf(tenant: TenantId, requests: readonly ActivityTextRequest[]): Promise<readonly TextPage[]>
  /** The same, oldest first. */
  oldestTextPagesOf(tenant: TenantId, requests: readonly ActivityTextRequest[]): Promise<readonly TextPage[]>
  /** A page of members and with it, newest first, a page of each one's journal that the store has written. One statement. */
  pageWithMembers(
    tenant: TenantId,
    members: MemberPageRequest,
    journal: JournalOfEach,
  ): Promise<MembersWithJournals>
  /** So many entries after the first `offset` that changed what the member has, newest first, and how many there are. */
  numbered(
    tenant: TenantId,
    request: Omit<ActivityPageRequest, 'after' | 'only'> & { readonly offset: number },
  ): Promise<{ readonly rows: readonly PointsActivity[]; readonly total: number }>
  /** Entries by (account, seq), in no particular order. */
  findByKeys(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ): Promise<readonly PointsActivity[]>
  /** What awarded an entry's points, of which purchase if any, and line by line how many; null for an entry that is no award. */
  awardOf(
    tenant: TenantId,
    key: { readonly accountId: AccountId; readonly seq: string },
  ): Promise<Award | null>
  /** What the wallets of entries are kept in, each once. */
  currenciesOf(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ): Promise<readonly { readonly accountId: AccountId; readonly currency: string }[]>
  sourcesOf(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ): Promise<readonly AwardSource[]>
  allocationsOf(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ): Promise<readonly Allocation[]>
}
