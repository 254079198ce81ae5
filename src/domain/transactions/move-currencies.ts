import { UNLIMITED_DEBT } from '../points/ledger'
import type { SourceAward } from '../points/source-awards'
import { alternateCurrency, movedNow } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { AlternateCurrency, Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { awardOf } from './award-bill'
import { walletOfBill } from './bill-group'
import type { CurrencyEarning } from './currency-earning'
import { type DuePolicy, ReturnShares } from './return-shares'
import type { Reversal } from './reversals'
import { programOf } from './settle-standings'
import type { Transaction } from './transaction'

/** What a stored bill earns and takes back of the further currencies of programs. */
export interface CurrencyMoves {
  readonly document: Transaction
  /** Null: it sells nothing. */
  readonly sale: {
    readonly program: Program
    readonly currencies: readonly CurrencyEarning[]
    /** What decided the earning; by default the program's rule as it is now. */
    readonly rule?: string
  } | null
  /** Null: it takes nothing back. */
  readonly returns: DuePolicy | null
  readonly requestId: string | null
}

/** What a bill did to one currency: what it earned less what it took back, before and after the program's rounding. */
export interface CurrencyEffect {
  readonly identifier: string
  readonly name: string
  readonly raw: Points
  readonly points: Points
  /** Null: it sold nothing that could earn it. */
  readonly earned: CurrencyEarning | null
  /** Of what it earned; null: it earned nothing, or never. */
  readonly expiresAt: Instant | null
}

/**
 * Awards and takes back what a stored bill does to further currencies, each in a wallet of its own beside that of the
 * points; what comes back was earned by the same rules as points, to the thousandth. Asks the database nothing where
 * no program of the tenant has such a currency.
 */
export async function moveCurrencies(
  stores: Stores,
  caller: Caller,
  moves: CurrencyMoves,
): Promise<readonly CurrencyEffect[]> {
  const { tenant } = caller
  if (tenant.setup.programs.every(({ alternateCurrencies }) => alternateCurrencies.length === 0)) return []
  const earned = moves.sale?.currencies ?? []
  const taken = moves.returns?.reversesPoints ? await takenBack(stores, tenant, moves, moves.returns) : []
  const effects: CurrencyEffect[] = []
  // Wallets are entered in one order, so that two bills of one member never wait for each other.
  for (const identifier of [...new Set([...earned, ...taken].map((one) => one.identifier))].sort()) {
    const own = earned.find((one) => one.identifier === identifier) ?? null
    const back = taken.filter((one) => one.identifier === identifier)
    const expiresAt = own && (await award(stores, caller, moves, own))
    for (const one of back) await reverse(stores, caller, moves, one)
    effects.push({ ...effectOf(own, back), expiresAt })
  }
  return effects
}

function effectOf(
  own: CurrencyEarning | null,
  back: readonly CurrencyTaken[],
): Omit<CurrencyEffect, 'expiresAt'> {
  const due = sumPoints(back.flatMap(({ reversals }) => reversals.map((reversal) => reversal.due)))
  const { identifier, name } = (own ?? back[0]) as CurrencyEarning | CurrencyTaken
  return {
    identifier,
    name,
    raw: ((own?.raw ?? ZERO_POINTS) - due) as Points,
    points: ((own?.awarded ?? ZERO_POINTS) - due) as Points,
    earned: own,
  }
}

const SOURCE = 'TRANSACTION_CURRENCY'
const sourceRef = (bill: TransactionId, { identifier }: Pick<AlternateCurrency, 'identifier'>): string =>
  `${bill}:${identifier}`

/** Answers when what was earned lapses. */
async function award(
  { ledger }: Stores,
  caller: Caller,
  { document, sale, requestId }: CurrencyMoves,
  earned: CurrencyEarning,
): Promise<Instant | null> {
  if (!sale) return null
  const { program, rule } = sale
  const own = awardOf(
    caller,
    { requestId },
    { program, stored: { transaction: document }, earning: earned, ...(rule !== undefined && { rule }) },
  )
  if (!own) return null
  await ledger.award({
    ...own,
    account: { ...own.account, currency: alternateCurrency(earned.identifier) },
    source: { type: SOURCE, ref: sourceRef(document.id, earned) },
  })
  return own.expiresAt
}

/** What one return takes of one currency of its bill. */
interface CurrencyTaken {
  readonly identifier: string
  readonly name: string
  readonly original: Transaction
  readonly reversals: readonly Reversal[]
}

/** What the returns on a bill take, which has just been stored with them; its originals are under lock. */
async function takenBack(
  { transactions, awards }: Stores,
  tenant: Tenant,
  { document }: CurrencyMoves,
  policy: DuePolicy,
): Promise<readonly CurrencyTaken[]> {
  const returned = await transactions.returnsOn(tenant.id, [document.id])
  const ids = [...new Set(returned.flatMap(({ originalId }) => originalId ?? []))]
  const originals = ids.length > 0 ? await transactions.findByIds(tenant.id, ids) : []
  const refs = originals.flatMap((bill) =>
    currenciesOf(tenant, bill).map((currency) => sourceRef(bill.id, currency)),
  )
  const awarded = refs.length > 0 ? await awards.bySources(tenant.id, SOURCE, refs) : []
  if (awarded.length === 0) return []
  const lines = await transactions.linesOf(tenant.id, ids)
  const history = await transactions.returnsOf(tenant.id, ids)
  const shares = new ReturnShares(tenant, { lines, history }, policy)
  return returned.flatMap((one) => {
    const original = originals.find(({ id }) => id === one.originalId)
    if (!original) return []
    const ofCurrency = (currency: AlternateCurrency): readonly SourceAward[] =>
      awarded.filter((candidate) => candidate.sourceRef === sourceRef(original.id, currency))
    return currenciesOf(tenant, original)
      .map(({ identifier, name, ...rest }) => ({
        identifier,
        name,
        original,
        reversals: shares.take(one, original, ofCurrency({ identifier, name, ...rest })),
      }))
      .filter(({ reversals }) => reversals.length > 0)
  })
}

const currenciesOf = (tenant: Tenant, { programId }: Transaction): readonly AlternateCurrency[] =>
  programOf(tenant, programId)?.alternateCurrencies ?? []

async function reverse(
  { ledger }: Stores,
  { tenant, actor }: Caller,
  { document, requestId }: CurrencyMoves,
  { identifier, original, reversals }: CurrencyTaken,
): Promise<void> {
  await ledger.reverse({
    account: {
      ...walletOfBill(tenant, original, { id: original.programId }),
      currency: alternateCurrency(identifier),
    },
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: {
      actionId: null,
      reason: `Return of bill ${original.billNumber}`,
      actor,
      requestId,
      occurredAt: document.billedAt,
    },
    // Cumulative amounts under the lock of the original: nothing can be taken back twice.
    idempotency: null,
    source: { type: SOURCE, ref: sourceRef(original.id, { identifier }) },
    purchase: { kind: 'TRANSACTION', id: document.id },
    lines: reversals.map(({ lineRef, cumulative }) => ({ lineRef, cumulative })),
    maxDebt: UNLIMITED_DEBT,
  })
}
