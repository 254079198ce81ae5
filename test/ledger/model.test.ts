import fc from 'fast-check'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import { anOperation, bulkOperations } from '../support/ledger-operations'
import { bulkTrial, sequentialTrial } from '../support/ledger-trials'
import { assertLawful } from '../support/ledger-world'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

describe('the ledger', () => {
  // A failure prints its seed and path; give them to fc.assert to see it again.
  it('answers as the model does, whatever it is asked, and keeps the same books', async () => {
    const { runs, operations } = bars().model
    await fc.assert(
      fc.asyncProperty(
        fc.array(anOperation, { minLength: 1, maxLength: operations, size: 'max' }),
        (script) => sequentialTrial(database.dataSource, script),
      ),
      {
        numRuns: runs,
        interruptAfterTimeLimit: 240_000,
        markInterruptAsFailure: true,
        endOnFailure: operations > 100,
      },
    )
    await expect(assertLawful(database.dataSource)).resolves.toBeUndefined()
  }, 600_000)

  it('answers each item of a bulk as if it had come alone, in its place', async () => {
    const { runs, groups } = bars().bulks
    await fc.assert(
      fc.asyncProperty(bulkOperations(groups), (operations) =>
        bulkTrial(database.dataSource, operations, 20),
      ),
      {
        numRuns: runs,
        interruptAfterTimeLimit: 240_000,
        markInterruptAsFailure: true,
        endOnFailure: groups > 50,
      },
    )
    await expect(assertLawful(database.dataSource)).resolves.toBeUndefined()
  }, 600_000)
})
