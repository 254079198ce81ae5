import fc from 'fast-check'
import type { AccountKey } from '../../src/domain/points/ledger'
import { instantOf } from '../../src/domain/shared/instant'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { pooled } from '../../src/persistence/sql'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import { ModelLedger, walletName } from '../support/ledger-model'
import { anOperation, answerOf, type Operation, Script, told } from '../support/ledger-operations'
import { aLedgerWorld, assertLawful } from '../support/ledger-world'
import { compareBooks } from '../support/ledger-books'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

/** Runs the operations on the database and on the model, and compares every answer and then the books. */
async function runBoth(operations: readonly Operation[]): Promise<void> {
  const world = await aLedgerWorld(database.dataSource)
  const wallets = [await world.aWallet(), await world.aWallet(), await world.aGroupWallet()]
  const ledger = new PostgresPointsLedger(pooled(database.dataSource))
  const model = new ModelLedger()
  const script = new Script(wallets, 'model')
  for (const [index, operation] of operations.entries()) {
    const asked = script.next(operation)
    if (!asked) continue
    const answer = await answerOf(ledger, asked)
    expect([index, asked.verb, told(answer)]).toEqual([index, asked.verb, model.run(asked)])
    script.learn(asked, answer.movement)
  }
  await compareBooks(database.dataSource, wallets, model)
  for (const days of [0, 20, 400]) await compareStatements(wallets, model, script.now + days * 86_400_000)
}

/** What readers are shown at a later moment, without anybody touching the wallets, is what settling them then gives. */
async function compareStatements(
  wallets: readonly AccountKey[],
  model: ModelLedger,
  later: number,
): Promise<void> {
  const reader = new PostgresPointsReader(pooled(database.dataSource))
  const statements = await reader.statements(wallets, instantOf(later), 'UTC')
  for (const [index, statement] of statements.entries()) {
    const wallet = model.wallets.get(walletName(wallets[index]!))
    wallet?.settle(later)
    if (!statement || !wallet) continue
    expect(statement).toMatchObject({
      available: wallet.available,
      pending: wallet.pending,
      held: wallet.held,
      earned: wallet.earned,
      reversed: wallet.reversed,
      redeemed: wallet.redeemed,
      redeemedOnRewards: wallet.redeemedOnRewards,
      expired: wallet.expired,
      yearToDateCredited: wallet.credited,
      yearToDateDebited: wallet.debited,
    })
  }
}

describe('the ledger', () => {
  // A failure prints its seed and path; give them to fc.assert to see it again.
  it('answers as the model does, whatever it is asked, and keeps the same books', async () => {
    const { runs, operations } = bars().model
    await fc.assert(
      fc.asyncProperty(fc.array(anOperation, { minLength: 1, maxLength: operations, size: 'max' }), runBoth),
      {
        numRuns: runs,
        interruptAfterTimeLimit: 240_000,
        markInterruptAsFailure: true,
        endOnFailure: operations > 100,
      },
    )
    await assertLawful(database.dataSource)
  }, 600_000)
})
