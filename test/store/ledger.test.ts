import type { AccountKey, PointsLedger } from '../../src/domain/points/ledger'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { pooled } from '../../src/persistence/sql'
import { points } from '../../src/domain/shared/points'
import { aLedgerWorld, anAward, aRedemption, aReversal, type LedgerWorld } from '../support/ledger-world'
import { testDatabase, type TestDatabase } from '../support/database'

let database: TestDatabase
let world: LedgerWorld
let ledger: PointsLedger
let reader: PostgresPointsReader

beforeAll(async () => {
  database = await testDatabase()
  world = await aLedgerWorld(database.dataSource)
  ledger = new PostgresPointsLedger(pooled(database.dataSource))
  reader = new PostgresPointsReader(pooled(database.dataSource))
})
afterAll(() => database.close())

describe('smoke', () => {
  it('works', async () => {
    const wallet: AccountKey = await world.aWallet()
    const award = anAward(wallet, '100')
    expect(await ledger.award(award)).toBeDefined()
    expect(await ledger.redeem(aRedemption(wallet, '30'))).toBeDefined()
    expect(await ledger.reverse(aReversal(award, '80', { maxDebt: points('5') }))).toBeDefined()
    expect(await reader.statements([wallet], null, 'UTC')).toBeDefined()
  })
})
