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

/** Points of all wallets of a tenant in one state, by the tenant's key; a debt is told by itself. In thousandths. */
export interface OutstandingPoints {
  readonly tenant: string
  readonly state: 'available' | 'pending' | 'held' | 'owed'
  readonly thousandths: string
}

/** What the books of all tenants owe their members. Reads every wallet. */
export const pointsOutstanding = (dataSource: DataSource): Promise<readonly OutstandingPoints[]> =>
  runOnce(dataSource, async ({ manager }) => {
    await manager.query('set local statement_timeout = 0')
    return manager.query<OutstandingPoints[]>(`
      select t.key as tenant, s.state, coalesce(s.points, 0)::text as thousandths
        from tenants t
        left join (
              select tenant_id, sum(greatest(available, 0)) as available, sum(pending) as pending, sum(held) as held,
                     sum(greatest(-available, 0)) as owed
                from account group by tenant_id) a using (tenant_id)
        cross join lateral (values ('available', a.available), ('pending', a.pending), ('held', a.held), ('owed', a.owed))
          as s (state, points)
       order by t.key, s.state`)
  })
