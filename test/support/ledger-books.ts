import type { DataSource } from 'typeorm'
import type { AccountKey } from '../../src/domain/points/ledger'
import type { MemberId } from '../../src/domain/shared/ids'
import { HOLDER_KINDS } from '../../src/persistence/points/ledger-parameters'
import { type ModelLedger, walletName } from './ledger-model'

/** One entry as the database has it. */
export interface BookEntry {
  readonly account_id: string
  readonly seq: string
  readonly kind: string
  readonly d_available: string
  readonly d_pending: string
  readonly d_held: string
  readonly available_after: string
  readonly effective_at: string
}

/** The journals of wallets, aligned with them, oldest entry first. */
export async function journalsOf(
  dataSource: DataSource,
  wallets: readonly AccountKey[],
): Promise<readonly (readonly BookEntry[])[]> {
  return Promise.all(
    wallets.map(({ tenantId, holder, programId, currency }) =>
      dataSource.query<BookEntry[]>(
        `select e.* from entry e join account a using (tenant_id, account_id)
          where a.tenant_id = $1 and a.holder_kind = $2 and a.holder_id = $3 and a.program_id = $4 and a.currency = $5
          order by e.seq`,
        [tenantId, HOLDER_KINDS[holder.kind], holder.id satisfies MemberId | string, programId, currency],
      ),
    ),
  )
}

const LOTS = `
  select l.lot_no::integer as no, l.awarded, l.remaining, l.reserved, l.consumed, l.expired, l.reversed, l.offset_debt, l.matured
    from lot l join account a using (tenant_id, account_id)
   where a.tenant_id = $1 and a.holder_kind = $2 and a.holder_id = $3 and a.program_id = $4 and a.currency = $5
   order by l.lot_no`

/** Journal and lots of each wallet, entry by entry and figure by figure, are the model's. */
export async function compareBooks(
  dataSource: DataSource,
  wallets: readonly AccountKey[],
  model: ModelLedger,
): Promise<void> {
  const journals = await journalsOf(dataSource, wallets)
  for (const [index, wallet] of wallets.entries()) {
    const expected = model.wallets.get(walletName(wallet))
    expect(
      journals[index]!.map(({ kind, d_available, d_pending, d_held, available_after }) =>
        [kind, d_available, d_pending, d_held, available_after].join(' '),
      ),
    ).toEqual(
      (expected?.journal ?? []).map(({ kind, available, pending, held, after }) =>
        [kind, available, pending, held, after].join(' '),
      ),
    )
    const { tenantId, holder, programId, currency } = wallet
    const lots = await dataSource.query<Record<string, unknown>[]>(LOTS, [
      tenantId,
      HOLDER_KINDS[holder.kind],
      holder.id,
      programId,
      currency,
    ])
    expect(lots.map((lot) => Object.values(lot).join(' '))).toEqual(
      (expected?.lots ?? []).map((lot) =>
        [
          lot.no,
          lot.awarded,
          lot.remaining,
          lot.reserved,
          lot.consumed,
          lot.expired,
          lot.reversed,
          lot.offsetDebt,
          lot.matured,
        ].join(' '),
      ),
    )
  }
}
