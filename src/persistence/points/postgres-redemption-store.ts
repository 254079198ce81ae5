import type { Idempotency } from '../../domain/points/ledger'
import type { IssuedCode } from '../../domain/points/points-request'
import type {
  EntryKey,
  NewRedemption,
  NewReversal,
  Redemption,
  RedemptionChanges,
  RedemptionName,
  RedemptionStore,
  Restorable,
  Spending,
  SpendingPageRequest,
} from '../../domain/points/redemption'
import type { TenantId } from '../../domain/shared/ids'
import type { Page } from '../../domain/shared/pages'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'

/** Redemptions by name, in PostgreSQL. */
export class PostgresRedemptionStore implements RedemptionStore {
  constructor(private readonly connection: Connection) {}

  async claimKey(tenant: TenantId, { scope, key }: Pick<Idempotency, 'scope' | 'key'>): Promise<boolean> {
    await this.connection.sql.rows(CLAIM_KEY, [tenant, scope, key])
    return (await this.connection.sql.rows(KNOWN_KEY, [tenant, scope, key])).length > 0
  }

  async spendingPagesOf(
    tenant: TenantId,
    requests: readonly SpendingPageRequest[],
  ): Promise<readonly Page<Spending>[]> {
    const rows = await this.connection.sql.rows<SpendingRow & { readonly ord: number }>(SPENDING_PAGES, [
      tenant,
      requests.map(({ memberId }) => memberId),
      requests.map(({ programId }) => programId),
      requests.map(({ first }) => first + 1),
      requests.map(({ after }) => after),
    ])
    return requests.map(({ first }, index) => {
      const found = rows.filter(({ ord }) => ord === index + 1).map(toSpending)
      return { rows: found.slice(0, first), hasNext: found.length > first }
    })
  }

  async spendingsBy(tenant: TenantId, keys: readonly EntryKey[]): Promise<readonly Spending[]> {
    const rows = await this.connection.sql.rows<SpendingRow>(SPENDINGS_BY, [
      tenant,
      keys.map(({ accountId }) => accountId),
      keys.map(({ seq }) => seq),
    ])
    return rows.map(toSpending)
  }

  async add(
    tenant: TenantId,
    { code, memberId, programId, accountId, seq, points, externalRef, billNumber, ...paid }: NewRedemption,
  ): Promise<Redemption> {
    const values = [
      tenant,
      code,
      memberId,
      programId,
      accountId,
      seq,
      points.toString(),
      externalRef,
      billNumber,
      paid.wholeId ?? null,
      paid.payerId ?? null,
      paid.payerGroupId ?? null,
    ]
    return this.one(ADD, values)
  }

  async claim(tenant: TenantId, externalRef: string): Promise<void> {
    await this.connection.sql.rows(CLAIM, [tenant, externalRef])
  }

  async find(tenant: TenantId, name: RedemptionName): Promise<Redemption | null> {
    return this.first('code' in name ? FIND_BY_CODE : FIND_BY_REF, [tenant, nameOf(name)])
  }

  async partsOf(tenant: TenantId, whole: Redemption['id']): Promise<readonly Redemption[]> {
    const rows = await this.connection.sql.rows<Texts<Redemption>>(PARTS, [tenant, whole])
    return rows.map((row) => ({ ...row, points: pointsOf(row.points) }))
  }

  async lock(tenant: TenantId, name: RedemptionName): Promise<Redemption | null> {
    return this.first('code' in name ? LOCK_BY_CODE : LOCK_BY_REF, [tenant, nameOf(name)])
  }

  async restorable(tenant: TenantId, { id, accountId, seq }: Redemption): Promise<readonly Restorable[]> {
    const rows = await this.connection.sql.rows<Texts<Restorable>>(RESTORABLE, [tenant, accountId, seq, id])
    return rows.map((row) => ({ ...row, points: pointsOf(row.points) }))
  }

  async addReversal(tenant: TenantId, { code, redemptionId, restored }: NewReversal): Promise<void> {
    await this.connection.sql.rows(ADD_REVERSAL, [
      tenant,
      code,
      redemptionId,
      restored.map(({ lotNo }) => lotNo),
      restored.map(({ points }) => points.toString()),
      restored.map(({ lapsed }) => lapsed),
    ])
  }

  async change(
    tenant: TenantId,
    id: Redemption['id'],
    { billNumber, transactionId, purpose, customFields }: RedemptionChanges,
  ): Promise<Redemption> {
    return this.one(CHANGE, [tenant, id, billNumber, transactionId, purpose, customFields])
  }

  private async first(statement: Statement, values: readonly unknown[]): Promise<Redemption | null> {
    const [row] = await this.connection.sql.rows<Texts<Redemption>>(statement, values)
    return row ? { ...row, points: pointsOf(row.points) } : null
  }

  private async one(statement: Statement, values: readonly unknown[]): Promise<Redemption> {
    const row = await this.first(statement, values)
    if (!row) throw new Error(`${statement.name} gave no redemption`)
    return row
  }
}

type SpendingRow = Omit<Texts<Spending>, 'reversed' | 'rewardId' | 'rewardCode'> & {
  readonly reversed: string
  readonly ref: string | null
  readonly issued: IssuedCode | null
}

const REWARD_REF = /^reward:(.+)$/

function toSpending({ ref, issued, ...row }: SpendingRow): Spending {
  return {
    accountId: row.accountId,
    seq: row.seq,
    memberId: row.memberId,
    points: pointsOf(row.points),
    rewardId: REWARD_REF.exec(ref ?? '')?.[1] ?? null,
    rewardCode: issued,
    code: row.code,
    externalRef: row.externalRef,
    billNumber: row.billNumber,
    transactionId: row.transactionId,
    reversed: pointsOf(row.reversed),
    redeemedAt: row.redeemedAt,
  }
}

type Texts<Row> = Omit<Row, 'points'> & { readonly points: string }

const nameOf = (name: RedemptionName): string => ('code' in name ? name.code : name.externalRef)

const COLUMNS = `redemption_id as id, code, member_id as "memberId", program_id as "programId", account_id as "accountId",
  seq, points, external_ref as "externalRef", bill_number as "billNumber", transaction_id as "transactionId", purpose,
  custom_fields as "customFields", redeemed_at as "redeemedAt", whole_id as "wholeId", payer_id as "payerId",
  payer_group_id as "payerGroupId"`

const CLAIM_KEY: Statement = {
  name: 'redemption_claim_key',
  text: `select pg_advisory_xact_lock(hashtextextended('key:' || $2::text || ':' || $3::text, $1::bigint))`,
}
const KNOWN_KEY: Statement = {
  name: 'redemption_known_key',
  text: `select 1 from idempotency where tenant_id = $1 and scope = $2 and key = $3`,
}

/** An entry `e` of an account `a` that spent points, and what the other tables know of it. */
const SPENDING = `e.account_id as "accountId", e.seq, coalesce(a.member_id, q.member_id) as "memberId",
  -e.d_available as points, e.ref, q.receipt->'code' as issued, r.code, r.external_ref as "externalRef",
  r.bill_number as "billNumber", r.transaction_id as "transactionId", e.recorded_at as "redeemedAt",
  coalesce((select sum(x.points)::bigint from redemption_restorations x
             where x.tenant_id = e.tenant_id and x.redemption_id = r.redemption_id), 0) as reversed`
const WITH_NAMES = `
  left join redemptions r on r.tenant_id = e.tenant_id and r.account_id = e.account_id and r.seq = e.seq
  left join points_requests q on q.tenant_id = e.tenant_id and q.account_id = e.account_id and q.seq = e.seq`

const SPENDING_PAGES: Statement = {
  name: 'spending_pages',
  text: `
    select s.* from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::bigint[])
        with ordinality as k (member_id, program_id, size, after, ord)
      join account a on a.tenant_id = $1 and a.holder_kind = 'M' and a.holder_id = k.member_id
       and a.program_id = k.program_id and a.currency = 'points'
     cross join lateral (
       select k.ord::integer, ${SPENDING} from entry e ${WITH_NAMES}
        where e.tenant_id = $1 and e.account_id = a.account_id and e.kind = 'REDEEM'
          and e.seq < coalesce(k.after, 9223372036854775807)
        order by e.seq desc limit k.size
     ) s
     order by s.ord, s.seq desc`,
}

const SPENDINGS_BY: Statement = {
  name: 'spendings_by_entry',
  text: `
    select ${SPENDING} from unnest($2::bigint[], $3::bigint[]) as k (account_id, seq)
      join entry e on e.tenant_id = $1 and e.account_id = k.account_id and e.seq = k.seq and e.kind = 'REDEEM'
      join account a on a.tenant_id = e.tenant_id and a.account_id = e.account_id ${WITH_NAMES}`,
}

const ADD: Statement = {
  name: 'redemption_add',
  text: `insert into redemptions (tenant_id, code, member_id, program_id, account_id, seq, points, external_ref, bill_number,
      whole_id, payer_id, payer_group_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning ${COLUMNS}`,
}

const CLAIM: Statement = {
  name: 'redemption_claim',
  text: `select pg_advisory_xact_lock(hashtextextended('redemption:' || $2::text, $1::bigint))`,
}

const FIND_BY_CODE: Statement = {
  name: 'redemption_by_code',
  text: `select ${COLUMNS} from redemptions where tenant_id = $1 and code = $2 and whole_id is null`,
}
const FIND_BY_REF: Statement = {
  name: 'redemption_by_ref',
  text: `select ${COLUMNS} from redemptions where tenant_id = $1 and external_ref = $2`,
}
const PARTS: Statement = {
  name: 'redemption_parts',
  text: `select ${COLUMNS} from redemptions where tenant_id = $1 and whole_id = $2::bigint order by redemption_id`,
}
const LOCK_BY_CODE: Statement = { name: 'redemption_lock_by_code', text: `${FIND_BY_CODE.text} for update` }
const LOCK_BY_REF: Statement = { name: 'redemption_lock_by_ref', text: `${FIND_BY_REF.text} for update` }

/** What each lot paid, less what was restored of it. */
const RESTORABLE: Statement = {
  name: 'redemption_restorable',
  text: `
    select a.lot_no as "lotNo", a.points - coalesce(r.points, 0) as points, nullif(l.expires_at, 'infinity') as "expiresAt"
      from allocation a
      join lot l on l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.lot_no = a.lot_no
      left join (select lot_no, sum(points)::bigint as points from redemption_restorations
                  where tenant_id = $1 and redemption_id = $4::bigint group by lot_no) r on r.lot_no = a.lot_no
     where a.tenant_id = $1 and a.account_id = $2::bigint and a.seq = $3::bigint and a.points > coalesce(r.points, 0)
     order by l.expires_at desc, a.lot_no desc`,
}

const ADD_REVERSAL: Statement = {
  name: 'redemption_add_reversal',
  text: `
    with reversal as (
      insert into redemption_reversals (tenant_id, code, redemption_id) values ($1, $2, $3::bigint) returning reversal_id
    )
    insert into redemption_restorations (tenant_id, reversal_id, redemption_id, lot_no, points, lapsed)
    select $1, reversal_id, $3::bigint, p.lot_no, p.points, p.lapsed
      from reversal, unnest($4::bigint[], $5::bigint[], $6::boolean[]) as p(lot_no, points, lapsed)`,
}

const CHANGE: Statement = {
  name: 'redemption_change',
  text: `update redemptions set bill_number = coalesce($3, bill_number), transaction_id = coalesce($4::bigint, transaction_id),
      purpose = coalesce($5, purpose), custom_fields = custom_fields || $6::jsonb
    where tenant_id = $1 and redemption_id = $2::bigint returning ${COLUMNS}`,
}
