import type { MemberId } from '../../src/domain/shared/ids'
import { points } from '../../src/domain/shared/points'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { PostgresTierStore } from '../../src/persistence/tiers/postgres-tier-store'
import { PostgresTierHistoryStore } from '../../src/persistence/tiers/postgres-tier-history-store'
import { testDatabase, type TestDatabase } from '../support/database'
import { aLedgerWorld, anAward, assertLawful } from '../support/ledger-world'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
afterEach(() => assertLawful(database.dataSource))

describe('the history of tiers', () => {
  it('says which tier a member had when, and what brought it; one at a time, also when the clock was moved back', async () => {
    const { dataSource } = database
    const world = await aLedgerWorld(dataSource)
    const wallet = await world.aWallet()
    const member = wallet.holder.id as MemberId
    const tiers = await dataSource.query<{ tier_id: string }[]>(
      `insert into tiers (tenant_id, program_id, rank, name) values ($1, $2, 1, 'Silver'), ($1, $2, 2, 'Gold') returning tier_id`,
      [world.tenant, world.program],
    )
    const [silver, gold] = tiers.map(({ tier_id }) => tier_id)
    const become = (tier: string | null) =>
      dataSource.query(
        `update memberships set tier_id = $3, spend = spend + 10 where tenant_id = $1 and member_id = $2`,
        [world.tenant, member, tier],
      )
    await dataSource.query(
      `insert into memberships (tenant_id, member_id, program_id, tier_id) values ($1, $2, $3, $4)`,
      [world.tenant, member, world.program, silver],
    )
    await new PostgresPointsLedger(pooled(dataSource)).award(anAward(wallet, '150'))
    await dataSource.query(`update tenants set clock_offset_ms = 86400000 where tenant_id = $1`, [
      world.tenant,
    ])
    await become(gold!)
    await become(gold!)
    await dataSource.query(`update tenants set clock_offset_ms = 0 where tenant_id = $1`, [world.tenant])
    await become(null)
    const periods = await new PostgresTierHistoryStore(pooled(dataSource)).periodsOf(
      world.tenant,
      world.program,
      [member],
    )
    expect(periods.map(({ tierId, lifetime, spend }) => [tierId, lifetime, spend])).toEqual([
      [null, points('150'), '30'],
      [silver, points('0'), '0'],
    ])
    expect(periods.map(({ to }) => to)).toEqual([null, periods[0]!.from])
    await expect(
      dataSource.query(
        `insert into tier_period (tenant_id, member_id, program_id, period, lifetime, spend) values ($1, $2, $3, tstzrange(now() - interval '1 second', null), 0, 0)`,
        [world.tenant, member, world.program],
      ),
    ).rejects.toMatchObject({ constraint: 'tier_period_one_at_a_time' })
  })
})

describe('reviews of changed tiers', () => {
  it('take turns, so that one which cannot end holds up no other', async () => {
    const { dataSource } = database
    const worlds = [await aLedgerWorld(dataSource), await aLedgerWorld(dataSource)]
    for (const { tenant, program } of worlds)
      await dataSource.query('insert into tier_reviews (tenant_id, program_id) values ($1, $2)', [
        tenant,
        program,
      ])
    const store = new PostgresTierStore(pooled(dataSource))
    const seen = new Set<unknown>()
    for (let turn = 0; turn < 60; turn++) seen.add((await store.nextReview(1))?.tenantId)
    expect(seen).toEqual(new Set(worlds.map(({ tenant }) => tenant)))
  })
})
