import type { ActivityPageRequest } from '../../domain/points/activity'
import type { TenantId } from '../../domain/shared/ids'
import type { Statement } from '../sql'

export const ENTRY_COLUMNS = `e.account_id, e.seq, e.kind, e.d_available, e.d_pending, e.d_held, e.available_after, e.action_id,
  e.reason, e.purchase_kind, e.purchase_id, e.occurred_at, e.recorded_at`

export const isFiltered = (requests: readonly ActivityPageRequest[]): boolean =>
  requests.some(({ only }) => only)

/** The requests as the plain statements below take them: $1 to $6. */
export const pageValues = (
  tenant: TenantId,
  requests: readonly ActivityPageRequest[],
): readonly unknown[] => [
  tenant,
  requests.map(({ memberId }) => memberId),
  requests.map(({ programId }) => programId),
  requests.map(({ currency }) => currency),
  requests.map(({ first }) => first),
  requests.map(({ after }) => after),
]

/** As the others take them: $1 to $9. Kinds as one text each: an array of arrays would have to be a rectangle. */
export const filteredPageValues = (
  tenant: TenantId,
  requests: readonly ActivityPageRequest[],
): readonly unknown[] => [
  ...pageValues(tenant, requests),
  requests.map(({ only }) => only?.kinds?.join(',') ?? null),
  requests.map(({ only }) => only?.from ?? null),
  requests.map(({ only }) => only?.until ?? null),
]

/** A walk through the journals of the wallets that are asked for. */
interface Walk {
  readonly name: string
  /** Each request k and the wallet a that it is about. */
  readonly wallets: string
  /** Which entries e of the wallet count, behind the position. */
  readonly condition: string
  readonly order: 'asc' | 'desc'
}

const walletsText = (columns: string, names: string): string => `
      from unnest($2::bigint[], $3::bigint[], $4::text[], $5::integer[], $6::bigint[]${columns})
           with ordinality as k (member_id, program_id, currency, size, after${names}, ord)
      join account a on a.tenant_id = $1 and a.holder_kind = 'M' and a.holder_id = k.member_id
       and a.program_id = k.program_id and a.currency = k.currency`

const FILTERED_WALLETS = walletsText(
  ', $7::text[], $8::timestamptz[], $9::timestamptz[]',
  ', kinds, from_at, until_at',
)
const FILTER = `
          and (k.kinds is null or e.kind = any(string_to_array(k.kinds, ',')))
          and (k.from_at is null or e.recorded_at >= k.from_at) and (k.until_at is null or e.recorded_at < k.until_at)`
const OLDER = 'e.seq < coalesce(k.after, 9223372036854775807)'

/** The newest entries first: a backward walk of the primary key. */
const NEWEST: Walk = { name: '', wallets: walletsText('', ''), condition: OLDER, order: 'desc' }
/** The same walk, past what is not wanted. */
const FILTERED: Walk = {
  name: '-filtered',
  wallets: FILTERED_WALLETS,
  condition: OLDER + FILTER,
  order: 'desc',
}
/** The walk from the other end. */
const OLDEST: Walk = {
  name: '-oldest',
  wallets: FILTERED_WALLETS,
  condition: `e.seq > coalesce(k.after, 0)${FILTER}`,
  order: 'asc',
}

const entriesOf = ({ condition, order }: Walk, limit: string): string => `
       select ${ENTRY_COLUMNS} from entry e
        where e.tenant_id = $1 and e.account_id = a.account_id and ${condition}
        order by e.seq ${order} limit ${limit}`

/** A page's entries and one more, which tells whether more follow. */
const pages = (walk: Walk): Statement => ({
  name: `activity-pages${walk.name}`,
  text: `
    select k.ord::integer, k.member_id, e.*${walk.wallets}
     cross join lateral (${entriesOf(walk, 'k.size + 1')}
     ) e
     order by k.ord, e.seq ${walk.order}`,
})

export const PAGES = pages(NEWEST)
export const FILTERED_PAGES = pages(FILTERED)
export const OLDEST_PAGES = pages(OLDEST)

/**
 * A page a row: its entries as one text each, joined in their order; where it starts and ends; whether more follow.
 * `text` makes an entry's.
 */
const textPages = (walk: Walk, text: string): Statement => {
  const [first, last] = walk.order === 'desc' ? ['max', 'min'] : ['min', 'max']
  return {
    name: `activity-text-pages${walk.name}`,
    text: `
    select k.ord::integer, p.*${walk.wallets}
     cross join lateral (
       select string_agg(e.text, ',') as text, ${first}(e.seq) as first,
              ${last}(e.seq) filter (where e.text is not null) as last, count(*) > k.size as "hasNext"
         from (
           select e.seq, case when row_number() over () <= k.size then ${text} end as text
             from (${entriesOf(walk, 'k.size + 1')}
             ) e
         ) e
     ) p`,
  }
}

/** The same for all entries, newest first. They are numbered from 1 without a gap, so the last one tells whether more follow. */
export const newestTextPages = (text: string): Statement => ({
  name: 'activity-text-pages',
  text: `
    select k.ord::integer, p.*${NEWEST.wallets}
     cross join lateral (
       select string_agg(${text}, ',') as text, max(e.seq) as first, min(e.seq) as last, min(e.seq) > 1 as "hasNext"
         from (${entriesOf(NEWEST, 'k.size')}
         ) e
     ) p`,
})
export const filteredTextPages = (text: string): Statement => textPages(FILTERED, text)
export const oldestTextPages = (text: string): Statement => textPages(OLDEST, text)

/** The parameters that say how many members have a journal, the wallet of each, and the page of its journal. */
interface JournalParameters {
  readonly members: string
  readonly program: string
  readonly currency: string
  readonly size: string
  readonly after: string
}

/**
 * Members as the statement `page` reads them ($1 the tenant), the first of them each with the newest entries of its
 * wallet. A wallet is looked up for each: a plan that does not know the page's size would read them all.
 */
export const journalsOf = (
  page: string,
  { members, program, currency, size, after }: JournalParameters,
  text: string,
): string => `
    select m.*, p.*
      from (select m.*, row_number() over () as place from (${page}) m) m
      left join lateral (
       select a.account_id from account a
        where m.place <= ${members}::integer and a.tenant_id = $1 and a.holder_kind = 'M' and a.holder_id = m.id
          and a.program_id = ${program}::bigint and a.currency = ${currency}
        limit 1
      ) a on true
      left join lateral (
       select string_agg(${text}, ',') as text, max(e.seq) as first, min(e.seq) as last, min(e.seq) > 1 as "hasNext"
         from (
       select ${ENTRY_COLUMNS} from entry e
        where e.tenant_id = $1 and e.account_id = a.account_id and e.seq < coalesce(${after}::bigint, 9223372036854775807)
        order by e.seq desc limit ${size}::integer
         ) e
      ) p on true
     order by m.place`
