import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { DataSource } from 'typeorm'
import type { AccountKey, LedgerCommand } from '../../src/domain/points/ledger'
import { instantOf } from '../../src/domain/shared/instant'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { pooled } from '../../src/persistence/sql'
import { runOnce } from '../../src/persistence/unit-of-work'
import { compareBooks } from './ledger-books'
import { ModelLedger, walletName } from './ledger-model'
import { anOperation, answerOf, type Operation, Script, told } from './ledger-operations'
import { type Done, replay } from './ledger-replay'
import { aKey, aLedgerWorld, anAward, aRedemption, assertLawful, type LedgerWorld } from './ledger-world'

/** Random operations one after the other, in a tenant of their own, on the database and on the model. Throws where they differ. */
export async function sequentialTrial(
  dataSource: DataSource,
  operations: readonly Operation[],
): Promise<void> {
  const world = await aLedgerWorld(dataSource)
  const wallets = [await world.aWallet(), await world.aWallet(), await world.aGroupWallet()]
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const model = new ModelLedger()
  const script = new Script(wallets, 'model')
  for (const [index, operation] of operations.entries()) {
    const asked = script.next(operation)
    if (!asked) continue
    const answer = await answerOf(ledger, asked)
    expect([index, asked.verb, told(answer)]).toEqual([index, asked.verb, model.run(asked)])
    script.learn(asked, answer.movement)
  }
  await compareBooks(dataSource, wallets, model)
  for (const days of [0, 20, 400])
    await compareStatements(dataSource, wallets, model, script.now + days * 86_400_000)
}

/** Random operations in bulks of so many: each is answered as if it had come alone, in its place. */
export async function bulkTrial(
  dataSource: DataSource,
  operations: readonly Operation[],
  size: number,
): Promise<void> {
  const world = await aLedgerWorld(dataSource)
  const wallets = [await world.aWallet(), await world.aWallet(), await world.aGroupWallet()]
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const model = new ModelLedger()
  const script = new Script(wallets, 'bulk')
  for (let start = 0; start < operations.length; start += size) {
    const items = operations.slice(start, start + size).flatMap((operation) => script.next(operation) ?? [])
    const answers = await ledger.bulk(items)
    expect(answers).toHaveLength(items.length)
    for (const [index, asked] of items.entries()) {
      const answer = answers[index]!
      expect([start + index, asked.verb, told(answer)]).toEqual([start + index, asked.verb, model.run(asked)])
      script.learn(asked, answer.movement)
    }
  }
  await compareBooks(dataSource, wallets, model)
}

/** What readers are shown at a moment, without anybody touching the wallets, is what settling them then gives. */
async function compareStatements(
  dataSource: DataSource,
  wallets: readonly AccountKey[],
  model: ModelLedger,
  at: number,
): Promise<void> {
  const reader = new PostgresPointsReader(pooled(dataSource))
  const statements = await reader.statements(wallets, instantOf(at), 'UTC')
  for (const [index, statement] of statements.entries()) {
    const wallet = model.wallets.get(walletName(wallets[index]!))
    wallet?.settle(at)
    if (!statement || !wallet) continue
    expect(statement).toMatchObject({
      available: wallet.available,
      pending: wallet.pending,
      held: wallet.held,
      earned: wallet.earned - wallet.never,
      reversed: wallet.reversed - wallet.never,
      redeemed: wallet.redeemed,
      redeemedOnRewards: wallet.redeemedOnRewards,
      expired: wallet.expired,
      yearToDateCredited: wallet.credited,
      yearToDateDebited: wallet.debited,
    })
  }
}

export interface Race {
  readonly seed: number
  readonly workers: number
  readonly operations: number
  readonly wallets: number
}

/**
 * Two tenants, and so many callers at once on so many wallets of each. Then the books must be lawful, and each journal
 * must be one that the model writes too. Meanwhile a reader must never see half a movement.
 */
export async function concurrentTrial(dataSource: DataSource, options: Race): Promise<void> {
  const watching = watch(dataSource)
  try {
    await Promise.all(
      [0, 1].map((tenant) => raceInTenant(dataSource, { ...options, seed: options.seed + tenant * 100 })),
    )
  } finally {
    expect(await watching.stop()).toEqual([])
  }
  await assertLawful(dataSource)
}

async function raceInTenant(dataSource: DataSource, options: Race): Promise<void> {
  const world: LedgerWorld = await aLedgerWorld(dataSource)
  const wallets = await Promise.all(Array.from({ length: options.wallets }, () => world.aWallet()))
  const done = await race(dataSource, wallets, options)
  await compareBooks(dataSource, wallets, await replay(dataSource, wallets, done))
}

/** Several callers on the same wallets, each with a clock of its own and now and then sending a call again. */
async function race(
  dataSource: DataSource,
  wallets: readonly AccountKey[],
  { seed, workers, operations }: Race,
): Promise<readonly Done[]> {
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const done: Done[] = []
  const work = async (worker: number) => {
    const script = new Script(wallets, `race-${worker}`, true)
    const answers = new Map<LedgerCommand, string>()
    for (const operation of fc.sample(anOperation, { numRuns: operations, seed: seed + worker })) {
      const asked = script.next(operation)
      if (!asked) continue
      const answer = await answerOf(ledger, asked)
      script.learn(asked, answer.movement)
      const now = JSON.stringify(told(answer), bigintAsText)
      const before = answers.get(asked)
      if (before !== undefined && before !== now)
        throw new Error(`${asked.verb} was told ${before}, and then ${now} (seed ${seed})`)
      // A call that was refused for its form, or found nobody, leaves no decision: it may fare better the next time.
      if (answer.movement ?? DECISIONS.includes(now)) answers.set(asked, now)
      if (answer.movement?.seq && !answer.movement.replayed) done.push({ asked, movement: answer.movement })
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return done
}

export const bigintAsText = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value
const DECISIONS = ['"INSUFFICIENT_POINTS"', '"ALREADY_AWARDED"']

/** Each of so many calls is sent several times at once: exactly one has an effect, and all are told the same. */
export async function twinsTrial(
  dataSource: DataSource,
  { keys, each }: { readonly keys: number; readonly each: number },
): Promise<void> {
  const world = await aLedgerWorld(dataSource)
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const wallets = [await world.aWallet(), await world.aWallet(), await world.aWallet()]
  for (const wallet of wallets) await ledger.award(anAward(wallet, `${keys}`))
  const spends = Array.from({ length: keys }, (_, n) =>
    aRedemption(wallets[n % 3]!, '1', { idempotency: aKey(`delivery-${n}`) }),
  )
  const answers = await Promise.all(
    spends.map((spend) => Promise.all(Array.from({ length: each }, () => ledger.redeem(spend)))),
  )
  const later = await Promise.all(spends.map((spend) => ledger.redeem(spend)))
  for (const [index, twins] of answers.entries()) {
    expect(twins.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(
      new Set(
        [...twins, later[index]!].map((answer) =>
          JSON.stringify({ ...answer, replayed: null }, bigintAsText),
        ),
      ).size,
    ).toBe(1)
  }
  const reader = new PostgresPointsReader(pooled(dataSource))
  const statements = await reader.statements(wallets, null, 'UTC')
  expect(statements.reduce((sum, statement) => sum + statement!.redeemed, 0n)).toBe(BigInt(keys) * 1000n)
}

/** A transfer from the higher to the lower wallet, while somebody has the higher: it must hold the lower one and wait. */
export async function lockOrderTrial(dataSource: DataSource): Promise<void> {
  const world = await aLedgerWorld(dataSource)
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const [low, high] = [await world.aWallet(), await world.aWallet()]
  const [lower, higher] = [await ledger.award(anAward(low, '5')), await ledger.award(anAward(high, '5'))]
  const somebody = dataSource.createQueryRunner()
  await somebody.startTransaction()
  try {
    await somebody.query('select from account where account_id = $1 for update', [higher.accountId])
    const transfer = ledger.transfer({ ...aRedemption(high, '1'), to: low.holder, transferId: randomUUID() })
    while (
      (
        await dataSource.query<unknown[]>(
          `select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`,
        )
      ).length === 0
    ) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const free = await dataSource.query<unknown[]>(
      'select from account where account_id = $1 for no key update skip locked',
      [lower.accountId],
    )
    expect(free).toEqual([])
    await somebody.rollbackTransaction()
    await transfer
  } finally {
    await somebody.release()
  }
}

/** What a reader finds wrong, who takes as long as it takes to read everything. */
const seenInOneMoment = (dataSource: DataSource): Promise<readonly unknown[]> =>
  runOnce(dataSource, async ({ manager }) => {
    await manager.query('set local statement_timeout = 0')
    return manager.query<unknown[]>(
      'select * from ledger_invariant_i01 union all select * from ledger_invariant_i04',
    )
  })

/** Readers see whole movements only: in every snapshot the balances are what the lots hold and the journal sums to. */
function watch(dataSource: DataSource): { stop(): Promise<unknown[]> } {
  const state = { running: true }
  const wrong: unknown[] = []
  const watching = (async () => {
    while (state.running) {
      wrong.push(...(await seenInOneMoment(dataSource)))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    async stop() {
      state.running = false
      await watching
      return wrong
    },
  }
}
