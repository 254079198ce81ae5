import type {
  BucketReceipt,
  Claims,
  NewPointsRequest,
  PointsReceipt,
  PointsRequestStore,
} from '../../domain/points/points-request'
import type { AccountId, MemberId, TenantId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'

/** What clients said with movements of points, and what they were answered. */
export class PostgresPointsRequestStore implements PointsRequestStore {
  constructor(private readonly connection: Connection) {}

  async claim(tenant: TenantId, member: MemberId, { order, custom }: Claims) {
    // The lock is a statement of its own, so that the look-up sees what its holder before us has committed. The kinds
    // are locked in one order, so that two requests never wait for each other.
    for (const [kind, claim] of [
      ['order', order],
      ['custom', custom],
    ]) {
      if (claim !== null) await this.connection.sql.rows(LOCK, [tenant, `${kind} ${member} ${claim}`])
    }
    const rows = await this.connection.sql.rows<ClaimedRow>(CLAIMED, [tenant, member, order, custom])
    const charged = rows.find(({ isOrder }) => isOrder)
    return {
      byOrder: charged ? receiptOf(charged.receipt) : null,
      byCustom: rows.some(({ isCustom }) => isCustom),
    }
  }

  async add(tenant: TenantId, request: NewPointsRequest): Promise<void> {
    const { accountId, seq, memberId, claims, receipt, attributes } = request
    await this.connection.sql.rows(ADD, [
      tenant,
      accountId,
      seq,
      memberId,
      claims.order,
      claims.custom,
      JSON.stringify(receipt, (_name, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ),
      attributes,
    ])
  }

  async attributesOf(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ) {
    return this.connection.sql.rows<{
      accountId: AccountId
      seq: string
      attributes: JsonObject
      code: string | null
    }>(ATTRIBUTES, [tenant, keys.map(({ accountId }) => accountId), keys.map(({ seq }) => seq)])
  }
}

interface ClaimedRow {
  readonly isOrder: boolean | null
  readonly isCustom: boolean | null
  readonly receipt: ReceiptJson
}

/** A receipt as it is stored: points as the text of whole thousandths. */
type Stored<T> = {
  readonly [Name in keyof T]: T[Name] extends bigint
    ? string
    : T[Name] extends bigint | null
      ? string | null
      : T[Name]
}
type ReceiptJson = Omit<Stored<PointsReceipt>, 'buckets' | 'waiting'> & {
  /** Absent from receipts of before points could wait. */
  readonly waiting?: { readonly points: string; readonly until: Instant } | null
  readonly buckets: readonly Stored<BucketReceipt>[]
}

const receiptOf = (json: ReceiptJson): PointsReceipt => ({
  ...json,
  asked: maybePoints(json.asked),
  moved: maybePoints(json.moved),
  paidByGroup: maybePoints(json.paidByGroup),
  spendable: pointsOf(json.spendable),
  earned: pointsOf(json.earned),
  waiting: json.waiting ? { ...json.waiting, points: pointsOf(json.waiting.points) } : null,
  buckets: json.buckets.map((bucket) => ({
    ...bucket,
    asked: pointsOf(bucket.asked),
    moved: maybePoints(bucket.moved),
    spendable: pointsOf(bucket.spendable),
    earned: pointsOf(bucket.earned),
  })),
})

const maybePoints = (text: string | null) => (text === null ? null : pointsOf(text))

const LOCK: Statement = {
  name: 'points_request_lock',
  text: `select pg_advisory_xact_lock(hashtextextended($2, $1::bigint))`,
}

const CLAIMED: Statement = {
  name: 'points_request_claimed',
  text: `select order_claim = $3 as "isOrder", custom_claim = $4 as "isCustom", receipt from points_requests
    where tenant_id = $1 and member_id = $2::bigint and (order_claim = $3 or custom_claim = $4)`,
}

const ADD: Statement = {
  name: 'points_request_add',
  text: `insert into points_requests (tenant_id, account_id, seq, member_id, order_claim, custom_claim, receipt, attributes)
    values ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6, $7, $8)`,
}

const ATTRIBUTES: Statement = {
  name: 'points_request_attributes',
  text: `select r.account_id as "accountId", r.seq, r.attributes, r.receipt -> 'code' ->> 'code' as code
    from unnest($2::bigint[], $3::bigint[]) as k (account_id, seq)
    join points_requests r on r.tenant_id = $1 and r.account_id = k.account_id and r.seq = k.seq`,
}
