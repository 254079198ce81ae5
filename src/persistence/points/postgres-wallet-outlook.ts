import type { AccountKey } from '../../domain/points/ledger'
import type {
  PastBalance,
  ScheduledPoints,
  ScheduleStep,
  WalletOutlook,
} from '../../domain/points/wallet-outlook'
import type { Instant } from '../../domain/shared/instant'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import { HOLDER_KINDS } from './ledger-parameters'
import { openLots, pendingLots } from './open-lots'

/** Wallets before and after now. Without locks. */
export class PostgresWalletOutlook implements WalletOutlook {
  constructor(private readonly connection: Connection) {}

  async asOf(keys: readonly AccountKey[], at: Instant): Promise<readonly (PastBalance | null)[]> {
    const rows = await this.connection.sql.rows<PastRow>(AS_OF, [...keyColumns(keys), at])
    const balances: (PastBalance | null)[] = keys.map(() => null)
    for (const { ord, available, pending, held } of rows) {
      balances[ord - 1] = { available: pointsOf(available), pending: pointsOf(pending), held: pointsOf(held) }
    }
    return balances
  }

  expiries(keys: readonly AccountKey[], step: ScheduleStep, timeZone: string, now: Instant | null) {
    return this.schedule(EXPIRIES, keys, [step, timeZone, now])
  }

  maturities(keys: readonly AccountKey[], step: ScheduleStep, timeZone: string, now: Instant | null) {
    return this.schedule(MATURITIES, keys, [step, timeZone, now])
  }

  private async schedule(
    statement: Statement,
    keys: readonly AccountKey[],
    values: readonly unknown[],
  ): Promise<readonly (readonly ScheduledPoints[])[]> {
    const rows = await this.connection.sql.rows<StepRow>(statement, [...keyColumns(keys), ...values])
    const schedules = keys.map((): ScheduledPoints[] => [])
    for (const { ord, from_at, points } of rows) {
      schedules[ord - 1]?.push({ from: from_at as Instant, points: pointsOf(points) })
    }
    return schedules
  }
}

interface PastRow {
  readonly ord: number
  readonly available: string
  readonly pending: string
  readonly held: string
}

interface StepRow {
  readonly ord: number
  readonly from_at: string
  readonly points: string
}

const keyColumns = (keys: readonly AccountKey[]): readonly unknown[] => [
  keys.map(({ tenantId }) => tenantId),
  keys.map(({ holder }) => HOLDER_KINDS[holder.kind]),
  keys.map(({ holder }) => holder.id),
  keys.map(({ programId }) => programId),
  keys.map(({ currency }) => currency),
]

const ACCOUNTS = `
  unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
    with ordinality as k (tenant_id, holder_kind, holder_id, program_id, currency, ord)
  join account a on a.tenant_id = k.tenant_id and a.holder_kind = k.holder_kind and a.holder_id = k.holder_id
   and a.program_id = k.program_id and a.currency = k.currency`

/** What lots do by themselves counts when it was due, not when it was swept; so what is due since is applied here: a debt is paid first. */
const AS_OF: Statement = {
  name: 'wallets-as-of',
  text: `
    select k.ord::integer,
           e.available + coalesce(due.matured - due.lapsed, 0) as available,
           e.pending - coalesce(due.matured + due.lapsed_pending, 0) as pending, e.held
      from ${ACCOUNTS}
     cross join lateral (
       select sum(x.d_available) as available, sum(x.d_pending) as pending, sum(x.d_held) as held, count(*) as entries
         from entry x
        where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.effective_at <= $6
     ) e
      left join lateral (
       select coalesce(sum(o.remaining) filter (where o.matures), 0) as matured,
              coalesce(sum(o.remaining - o.pay) filter (where o.lapses and (o.matured or o.matures)), 0) as lapsed,
              coalesce(sum(o.remaining) filter (where o.lapses and not o.matured and not o.matures), 0) as lapsed_pending
         from (
           select d.*, case when d.matures
                    then greatest(0, least(d.remaining, greatest(0, -e.available)
                           - (sum(d.remaining) filter (where d.matures) over (order by d.matures_at, d.lot_no) - d.remaining)))
                    else 0 end as pay
             from (
               select l.lot_no, l.remaining, l.matured, l.matures_at, l.expires_at <= $6 as lapses,
                      not l.matured and l.matures_at <= $6 and l.matures_at < l.expires_at as matures
                 from (${openLots('a')}) l
                where a.next_due_at <= $6
             ) d
         ) o
     ) due on true
     where e.entries > 0`,
}

const steps = (name: string, moment: string, lots: string): Statement => ({
  name,
  text: `
    select k.ord::integer, date_trunc($6, ${moment}, $7) as from_at, sum(l.remaining) as points
      from ${ACCOUNTS}
     cross join lateral (${lots}) l
     where ${moment} > coalesce($8::timestamptz, clock_timestamp()) and ${moment} < 'infinity'
     group by k.ord, 2 order by k.ord, 2`,
})

const EXPIRIES = steps('wallet-expiries', 'l.expires_at', openLots('a'))
const MATURITIES = steps('wallet-maturities', 'l.matures_at', pendingLots('a'))
