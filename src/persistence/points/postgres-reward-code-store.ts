import type { RewardCodeStore, TakeCode } from '../../domain/points/reward-codes'
import type { ProgramId, TenantId } from '../../domain/shared/ids'
import type { Connection, Statement } from '../sql'

/** Codes of rewards: each is given out once. */
export class PostgresRewardCodeStore implements RewardCodeStore {
  constructor(private readonly connection: Connection) {}

  async take(
    tenant: TenantId,
    { programId, rewardId, memberId, at, expiresAt }: TakeCode,
  ): Promise<string | null> {
    const values = [tenant, programId, rewardId, memberId, at, expiresAt]
    const [free] = await this.connection.sql.rows<{ code: string }>(TAKE, values)
    if (free) return free.code
    // Others may hold the last codes and still give them back: only now is it worth waiting for them.
    const [left] = await this.connection.sql.rows<{ code: string }>(TAKE_WAITING, values)
    return left?.code ?? null
  }

  async addMade(tenant: TenantId, request: TakeCode & { readonly code: string }): Promise<void> {
    const { programId, rewardId, memberId, at, expiresAt, code } = request
    await this.connection.sql.rows(ADD_MADE, [tenant, programId, rewardId, memberId, at, expiresAt, code])
  }

  async rewardsInStock(tenant: TenantId, program: ProgramId): Promise<readonly string[]> {
    const rows = await this.connection.sql.rows<{ rewardId: string }>(IN_STOCK, [tenant, program])
    return rows.map(({ rewardId }) => rewardId)
  }
}

const FREE = `tenant_id = $1 and program_id = $2::bigint and reward_id = $3 and issued_at is null`

const takeBy = (chosen: string): string => `with ${chosen}
  update reward_codes c set issued_to = $4::bigint, issued_at = $5, expires_at = $6
    from chosen where c.tenant_id = $1 and c.program_id = $2::bigint and c.reward_id = $3 and c.code = chosen.code
  returning c.code`

/** The next one that nobody else is taking now. */
const TAKE: Statement = {
  name: 'reward_code_take',
  text: takeBy(
    `chosen as (select code from reward_codes where ${FREE} order by position limit 1 for update skip locked)`,
  ),
}

/** Waits for whoever is taking the rest; a limit inside would look at one only. */
const TAKE_WAITING: Statement = {
  name: 'reward_code_take_waiting',
  text: takeBy(
    `free as materialized (select code, position from reward_codes where ${FREE} order by position for update),
     chosen as (select code from free order by position limit 1)`,
  ),
}

const ADD_MADE: Statement = {
  name: 'reward_code_add_made',
  text: `insert into reward_codes (tenant_id, program_id, reward_id, code, made, issued_to, issued_at, expires_at)
    values ($1, $2::bigint, $3, $7, true, $4::bigint, $5, $6)`,
}

const IN_STOCK: Statement = {
  name: 'rewards_in_stock',
  text: `select distinct reward_id as "rewardId" from reward_codes
    where tenant_id = $1 and program_id = $2::bigint and issued_at is null`,
}
