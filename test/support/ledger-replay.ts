import type { DataSource } from 'typeorm'
import type { AccountKey, LedgerCommand, Movement } from '../../src/domain/points/ledger'
import { type BookEntry, journalsOf } from './ledger-books'
import { ModelLedger, walletName } from './ledger-model'

/** A command that moved something, and what it was told. */
export interface Done {
  readonly asked: LedgerCommand
  readonly movement: Movement
}

/**
 * Runs what was done through the model in the order in which each journal has it: a journal's numbers are the order in
 * which its wallet was locked. What lots did by themselves is settled at its own moment.
 */
export async function replay(
  dataSource: DataSource,
  wallets: readonly AccountKey[],
  done: readonly Done[],
): Promise<ModelLedger> {
  const model = new ModelLedger()
  const journals = await journalsOf(dataSource, wallets)
  const commands = new Map(
    done.map((each) => [`${each.movement.accountId}/${each.movement.seq}`, each.asked]),
  )
  const queues = wallets.map((wallet, index) => ({
    wallet,
    journal: journals[index]!,
    next: () => model.walletOf(wallet).journal.length,
  }))
  const isNext = (transfer: string | undefined) =>
    queues.filter(({ journal, next }) => transferOf(journal[next()]) === transfer).length === 2

  for (let moved = true; moved;) {
    moved = false
    for (const { wallet, journal, next } of queues) {
      for (let entry = journal[next()]; entry; entry = journal[next()]) {
        const before = next()
        const { kind } = entry
        const asked = commands.get(`${entry.account_id}/${entry.seq}`)
        if (asked?.verb === 'transfer' && !isNext(transferOf(entry))) break
        if (kind === 'TRANSFER_IN') break
        if (asked) model.run(asked)
        else model.walletOf(wallet).settle(Date.parse(entry.effective_at))
        if (next() === before)
          throw new Error(`the model has no ${kind} as entry ${entry.seq} of ${walletName(wallet)}`)
        moved = true
      }
    }
  }
  return model
}

const transferOf = (entry: (BookEntry & { readonly transfer_id?: string }) | undefined): string | undefined =>
  entry?.transfer_id
