import {
  type ActivityPageRequest,
  type ActivityStore,
  type ActivityTextRequest,
  type Allocation,
  type Award,
  type AwardSource,
  EMPTY_TEXT_PAGE,
  type EntryKind,
  type JournalOfEach,
  type MembersWithJournals,
  type PointsActivity,
  type TextPage,
} from '../../domain/points/activity'
import type { Member } from '../../domain/members/member'
import type { MemberPageRequest } from '../../domain/members/member-store'
import type { PurchaseRef } from '../../domain/points/ledger'
import type { AccountId, MemberId, ProgramId, TenantId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { Page } from '../../domain/shared/pages'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import {
  ENTRY_COLUMNS,
  FILTERED_PAGES,
  filteredPageValues,
  isFiltered,
  OLDEST_PAGES,
  PAGES,
  pageValues,
} from './activity-page-statements'
import {
  type BoundStatement,
  membersWithJournals,
  newestTextPages,
  oldestTextPages,
  type TextPageRow,
} from './activity-text'

interface EntryKey {
  readonly accountId: AccountId
  readonly seq: string
}

/** Journals as people read them. Every method is one statement, whatever the number of keys. */
export class PostgresActivityStore implements ActivityStore {
  constructor(private readonly connection: Connection) {}

  async pagesOf(
    tenant: TenantId,
    requests: readonly ActivityPageRequest[],
  ): Promise<readonly Page<PointsActivity>[]> {
    return isFiltered(requests)
      ? this.pagesBy(FILTERED_PAGES, filteredPageValues(tenant, requests), requests)
      : this.pagesBy(PAGES, pageValues(tenant, requests), requests)
  }

  async oldestPagesOf(
    tenant: TenantId,
    requests: readonly ActivityPageRequest[],
  ): Promise<readonly Page<PointsActivity>[]> {
    return this.pagesBy(OLDEST_PAGES, filteredPageValues(tenant, requests), requests)
  }

  async ofPurchases(tenant: TenantId, purchases: readonly PurchaseRef[]): Promise<readonly PointsActivity[]> {
    const rows = await this.connection.sql.rows<EntryRow>(OF_PURCHASES, [
      tenant,
      purchases.map(({ kind }) => kind),
      purchases.map(({ id }) => id),
    ])
    return rows.map(toActivity)
  }

  private async pagesBy(
    statement: Statement,
    values: readonly unknown[],
    requests: readonly ActivityPageRequest[],
  ): Promise<readonly Page<PointsActivity>[]> {
    const rows = await this.connection.sql.rows<EntryRow & { readonly ord: number }>(statement, values)
    const pages = requests.map(() => ({ rows: [] as PointsActivity[], hasNext: false }))
    for (const row of rows) {
      const page = pages[row.ord - 1]
      const request = requests[row.ord - 1]
      if (!page || !request) continue
      // One more than asked for is fetched, to know whether there is more.
      if (page.rows.length === request.first) page.hasNext = true
      else page.rows.push(toActivity(row))
    }
    return pages
  }

  async textPagesOf(
    tenant: TenantId,
    requests: readonly ActivityTextRequest[],
  ): Promise<readonly TextPage[]> {
    return this.textPagesBy(newestTextPages(tenant, requests), requests)
  }

  async oldestTextPagesOf(
    tenant: TenantId,
    requests: readonly ActivityTextRequest[],
  ): Promise<readonly TextPage[]> {
    return this.textPagesBy(oldestTextPages(tenant, requests), requests)
  }

  private async textPagesBy(
    { statement, values }: BoundStatement,
    requests: readonly ActivityTextRequest[],
  ): Promise<readonly TextPage[]> {
    const pages = requests.map(() => EMPTY_TEXT_PAGE)
    for (const row of await this.connection.sql.rows<TextPageRow & { readonly ord: number }>(
      statement,
      values,
    ))
      pages[row.ord - 1] = toTextPage(row)
    return pages
  }

  async pageWithMembers(
    tenant: TenantId,
    members: MemberPageRequest,
    journal: JournalOfEach,
  ): Promise<MembersWithJournals> {
    const { statement, values } = membersWithJournals(tenant, members, journal)
    const found = await this.connection.sql.rows<Member & TextPageRow & { readonly place: string }>(
      statement,
      values,
    )
    const page = found.slice(0, members.first)
    return {
      rows: page.map(
        ({ place: _place, text: _text, first: _first, last: _last, hasNext: _next, ...member }) => member,
      ),
      hasNext: found.length > members.first,
      journals: page.map(toTextPage),
    }
  }

  async numbered(
    tenant: TenantId,
    { memberId, programId, currency, first, offset }: Parameters<ActivityStore['numbered']>[1],
  ) {
    const wallet = [tenant, memberId, programId, currency]
    const [count] = await this.connection.sql.rows<{ total: string }>(COUNT_CHANGES, wallet)
    const rows = await this.connection.sql.rows<EntryRow>(CHANGES, [...wallet, first, offset])
    return { rows: rows.map(toActivity), total: Number(count?.total ?? 0) }
  }

  async findByKeys(tenant: TenantId, keys: readonly EntryKey[]): Promise<readonly PointsActivity[]> {
    const rows = await this.connection.sql.rows<EntryRow>(BY_KEYS, keyValues(tenant, keys))
    return rows.map(toActivity)
  }

  async awardOf(tenant: TenantId, { accountId, seq }: EntryKey): Promise<Award | null> {
    const rows = await this.connection.sql.rows<AwardRow>(AWARD, [tenant, accountId, seq])
    const [first] = rows
    if (!first) return null
    return {
      memberId: first.member_id as MemberId | null,
      programId: first.program_id as ProgramId,
      currency: first.currency,
      source: { type: first.source_type, ref: first.source_ref },
      hasPurchase: first.purchase_kind !== null,
      lines: rows.map((row) => ({ lineRef: row.line_ref, awarded: pointsOf(row.awarded) })),
    }
  }

  async currenciesOf(tenant: TenantId, keys: readonly EntryKey[]) {
    const rows = await this.connection.sql.rows<{ account_id: string; currency: string }>(CURRENCIES, [
      tenant,
      keys.map(({ accountId }) => accountId),
    ])
    return rows.map(({ account_id, currency }) => ({ accountId: account_id as AccountId, currency }))
  }

  async sourcesOf(tenant: TenantId, keys: readonly EntryKey[]): Promise<readonly AwardSource[]> {
    const rows = await this.connection.sql.rows<SourceRow>(SOURCES, keyValues(tenant, keys))
    return rows.map(toSource)
  }

  async allocationsOf(tenant: TenantId, keys: readonly EntryKey[]): Promise<readonly Allocation[]> {
    const rows = await this.connection.sql.rows<AllocationRow>(ALLOCATIONS, keyValues(tenant, keys))
    return rows.map((row) => ({
      accountId: row.account_id as AccountId,
      seq: row.seq,
      lotNo: row.lot_no,
      points: pointsOf(row.points),
    }))
  }
}

/** A wallet without entries is a row without text. */
const toTextPage = ({ text, first, last, hasNext }: TextPageRow): TextPage =>
  text === null ? EMPTY_TEXT_PAGE : { text, first, last, hasNext }

const keyValues = (tenant: TenantId, keys: readonly EntryKey[]): readonly unknown[] => [
  tenant,
  keys.map(({ accountId }) => accountId),
  keys.map(({ seq }) => seq),
]

interface EntryRow {
  readonly account_id: string
  readonly seq: string
  readonly member_id: string | null
  readonly kind: EntryKind
  readonly d_available: string
  readonly d_pending: string
  readonly d_held: string
  readonly available_after: string
  readonly action_id: number | null
  readonly reason: string | null
  readonly purchase_kind: PointsActivity['purchaseKind']
  readonly purchase_id: string | null
  readonly occurred_at: string
  readonly recorded_at: string
}

const toActivity = (row: EntryRow): PointsActivity => ({
  accountId: row.account_id as AccountId,
  seq: row.seq,
  memberId: row.member_id as MemberId | null,
  kind: row.kind,
  available: pointsOf(row.d_available),
  pending: pointsOf(row.d_pending),
  held: pointsOf(row.d_held),
  availableAfter: pointsOf(row.available_after),
  actionId: row.action_id,
  reason: row.reason,
  purchaseKind: row.purchase_kind,
  purchaseId: row.purchase_id,
  occurredAt: row.occurred_at as Instant,
  recordedAt: row.recorded_at as Instant,
})

interface SourceRow {
  readonly account_id: string
  readonly seq: string
  readonly lot_no: string
  readonly line_ref: string
  readonly rule: string
  readonly awarded: string
  readonly reversed: string
  readonly expires_at: string
}

const toSource = (row: SourceRow): AwardSource => ({
  accountId: row.account_id as AccountId,
  seq: row.seq,
  lineRef: row.line_ref,
  rule: row.rule,
  points: pointsOf(row.awarded),
  reversed: pointsOf(row.reversed),
  lotNo: row.lot_no,
  expiresAt: row.expires_at === 'infinity' ? null : (row.expires_at as Instant),
})

interface AwardRow {
  readonly member_id: string | null
  readonly program_id: string
  readonly currency: string
  readonly source_type: string
  readonly source_ref: string
  readonly purchase_kind: string | null
  readonly line_ref: string
  readonly awarded: string
}

interface AllocationRow {
  readonly account_id: string
  readonly seq: string
  readonly lot_no: string
  readonly points: string
}

const OF_PURCHASES: Statement = {
  name: 'activities-of-purchases',
  text: `
    select a.member_id, ${ENTRY_COLUMNS}
      from unnest($2::text[], $3::bigint[]) as k (kind, id)
      join entry e on e.tenant_id = $1 and e.purchase_kind = k.kind and e.purchase_id = k.id
      join account a on a.tenant_id = e.tenant_id and a.account_id = e.account_id
     order by e.purchase_kind, e.purchase_id, e.account_id, e.seq`,
}

/** Moving points between what is spendable, pending and held changes nothing that a member has. */
const CHANGES_OF_WALLET = `account a
      join entry e on e.tenant_id = a.tenant_id and e.account_id = a.account_id
     where a.tenant_id = $1 and a.holder_kind = 'M' and a.holder_id = $2::bigint and a.program_id = $3::bigint
       and a.currency = $4 and e.d_available + e.d_pending + e.d_held <> 0`

const COUNT_CHANGES: Statement = {
  name: 'activity-changes-count',
  text: `select count(*) as total from ${CHANGES_OF_WALLET}`,
}

const CHANGES: Statement = {
  name: 'activity-changes',
  text: `select a.member_id, ${ENTRY_COLUMNS} from ${CHANGES_OF_WALLET} order by e.seq desc limit $5 offset $6`,
}

const KEYS = 'unnest($2::bigint[], $3::bigint[]) as k (account_id, seq)'
const ON_KEYS = (table: string): string =>
  `${table}.tenant_id = $1 and ${table}.account_id = k.account_id and ${table}.seq = k.seq`

const BY_KEYS: Statement = {
  name: 'activities-by-keys',
  text: `
    select a.member_id, ${ENTRY_COLUMNS}
      from ${KEYS}
      join entry e on ${ON_KEYS('e')}
      join account a on a.tenant_id = $1 and a.account_id = k.account_id`,
}

const SOURCES: Statement = {
  name: 'activity-sources',
  text: `
    select s.account_id, s.seq, s.lot_no, s.line_ref, s.rule, s.awarded, s.reversed, l.expires_at
      from ${KEYS}
      join award_source s on ${ON_KEYS('s')}
      join lot l on l.tenant_id = $1 and l.account_id = s.account_id and l.lot_no = s.lot_no
     order by s.account_id, s.seq, s.line_no`,
}

const CURRENCIES: Statement = {
  name: 'activity-currencies',
  text: 'select account_id, currency from account where tenant_id = $1 and account_id = any($2::bigint[])',
}

const AWARD: Statement = {
  name: 'activity-award',
  text: `
    select case when a.holder_kind = 'M' then a.holder_id end as member_id, a.program_id, a.currency, s.source_type,
           s.source_ref, e.purchase_kind, s.line_ref, s.awarded
      from entry e
      join account a on a.tenant_id = e.tenant_id and a.account_id = e.account_id
      join award_source s on s.tenant_id = e.tenant_id and s.account_id = e.account_id and s.seq = e.seq
     where e.tenant_id = $1 and e.account_id = $2 and e.seq = $3 and e.kind = 'AWARD'
     order by s.line_no`,
}

const ALLOCATIONS: Statement = {
  name: 'activity-allocations',
  text: `
    select x.account_id, x.seq, x.lot_no, x.points
      from ${KEYS}
      join allocation x on ${ON_KEYS('x')}
     order by x.account_id, x.seq, x.lot_no`,
}
