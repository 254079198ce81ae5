import type {
  NewRedemption,
  NewReversal,
  Redemption,
  RedemptionChanges,
  RedemptionName,
  RedemptionStore,
  Restorable,
} from '../../domain/points/redemption'
import type { TenantId } from '../../domain/shared/ids'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'

/** Redemptions by name, in PostgreSQL. */
export class PostgresRedemptionStore implements RedemptionStore {
  constructor(private readonly connection: Connection) {}

  async add(
    tenant: TenantId,
    { code, memberId, programId, accountId, seq, points, externalRef, billNumber }: NewRedemption,
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
    ]
    return this.one(ADD, values)
  }

  async claim(tenant: TenantId, externalRef: string): Promise<void> {
    await this.connection.sql.rows(CLAIM, [tenant, externalRef])
  }

  async find(tenant: TenantId, name: RedemptionName): Promise<Redemption | null> {
    return this.first('code' in name ? FIND_BY_CODE : FIND_BY_REF, [tenant, nameOf(name)])
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

type Texts<Row> = Omit<Row, 'points'> & { readonly points: string }

const nameOf = (name: RedemptionName): string => ('code' in name ? name.code : name.externalRef)

const COLUMNS = `redemption_id as id, code, member_id as "memberId", program_id as "programId", account_id as "accountId",
  seq, points, external_ref as "externalRef", bill_number as "billNumber", transaction_id as "transactionId", purpose,
  custom_fields as "customFields", redeemed_at as "redeemedAt"`

const ADD: Statement = {
  name: 'redemption_add',
  text: `insert into redemptions (tenant_id, code, member_id, program_id, account_id, seq, points, external_ref, bill_number)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
}

const CLAIM: Statement = {
  name: 'redemption_claim',
  text: `select pg_advisory_xact_lock(hashtextextended('redemption:' || $2::text, $1::bigint))`,
}

const FIND_BY_CODE: Statement = {
  name: 'redemption_by_code',
  text: `select ${COLUMNS} from redemptions where tenant_id = $1 and code = $2`,
}
const FIND_BY_REF: Statement = {
  name: 'redemption_by_ref',
  text: `select ${COLUMNS} from redemptions where tenant_id = $1 and external_ref = $2`,
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
