import type { DataSource } from 'typeorm'
import { runOnce } from '../unit-of-work'

/** How often one of the ledger's laws is broken: anything but zero is a page. */
export interface InvariantCount {
  readonly invariant: string
  readonly violations: number
}

/** Counts the violations of every invariant, over all tenants, in one snapshot. Reads everything: minutes on a large ledger. */
export const verifyLedger = (dataSource: DataSource): Promise<readonly InvariantCount[]> =>
  runOnce(dataSource, async ({ manager }) => {
    await manager.query('set transaction isolation level repeatable read, read only')
    await manager.query('set local statement_timeout = 0')
    return manager.query<InvariantCount[]>(
      'select invariant, violations::integer as violations from ledger_invariants order by invariant',
    )
  })
