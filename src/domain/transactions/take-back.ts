import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Movement } from '../points/ledger'
import { movedNow, statementOf, walletOf } from '../points/wallet'
import { Decimal } from '../shared/decimal'
import type { MemberId, ProgramId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import { type Amount, sumAmounts, toAmount } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import { walletOfBill } from './bill-group'
import { ReturnRefused } from './errors'
import { findOriginal, type OriginalReference, type Owner, secondOf } from './find-original'
import {
  type OriginalBill,
  type PastReturn,
  planReturn,
  type RequestedLine,
  type ReturnPlan,
  type ReturnRequest,
  soldAmount,
} from './plan-return'
import type { NewTransactionReturn, TransactionReturn } from './return'
import type { Transaction, TransactionLine } from './transaction'

/** One bill that something comes back of, and what. */
export interface RequestedReturn {
  /** Null: the client names none. */
  readonly reference: OriginalReference | null
  readonly request: ReturnRequest
  /** What the client says it comes to; counts only where the original is not known. */
  readonly statedAmount: Amount
}

/** What a tenant's settings say about returns. */
export interface ReturnPolicy {
  /** Whether a return of a bill that is not known here is stored. */
  readonly takesUnknown: boolean
  /** Whether a return that names no bill is, and whether either lowers what the member has spent. */
  readonly takesUnnamed: boolean
  readonly reversesPoints: boolean
  /** Whether a bill that was made for a group comes back from who has left it. */
  readonly takesFromFormerMembers?: boolean
  /** Decimals of the tenant's currency. */
  readonly amountDecimals: number
  /** What was said about a line when it was sold. */
  readonly termsOf: (line: TransactionLine) => LineTerms
}

export interface LineTerms {
  readonly serial: string | null
  readonly returnable: boolean
  /** After so many days it may not come back any more; null: no limit. */
  readonly returnableDays: number | null
  /** Item codes of what it is made of, which do not come back alone. */
  readonly parts: readonly string[]
}

/** The bill that returns are written on. */
export interface ReturnDocument {
  readonly billNumber: string
  readonly at: Instant
  /** Whether the client said when: then the same again is a repeat. */
  readonly isDatedByClient: boolean
  readonly isExchange: boolean
  readonly owner: Owner
  /** Lines that name no bill, beside others that do: looked for in the bills of those. */
  readonly strays: readonly RequestedLine[]
}

/** One thing that comes back, decided. */
export interface PlannedReturn {
  readonly billNumber: string
  /** Null: not known here. */
  readonly original: Transaction | null
  readonly plan: ReturnPlan
}

/** What was taken all the same, and what the client should know of it. */
export interface ReturnNotice {
  readonly kind:
    | 'UNKNOWN_ORIGINAL'
    | 'UNMATCHED_LINE'
    | 'TAKEN_AS_MEMBERS'
    | 'NO_RETURN_LIMIT'
    | 'UNKNOWN_GROUP'
    | 'UNKNOWN_GROUP_KEY'
    | 'NOT_IN_GROUP'
  /** A bill number, an item code, or a group. */
  readonly about: string
}

/**
 * Finds the originals, keeps them from other returns until commit, and decides what comes back of each; what one
 * return takes, the next one of the same call no longer finds. Writes nothing.
 *
 * Throws ReturnRefused for any of them.
 */
export async function planReturns(
  stores: Stores,
  tenant: Tenant,
  requested: readonly RequestedReturn[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<readonly PlannedReturn[]> {
  const originals: (Transaction | null)[] = []
  for (const { reference } of requested)
    originals.push(await findOriginal(stores, tenant, reference, document.owner))
  if (policy.takesFromFormerMembers !== true) await refuseFormerMembers(stores, tenant, originals)
  const known = await readOriginals(stores, tenant, originals, document, policy)
  const linesOf = (index: number) => known.get(originals[index]?.id as TransactionId)?.bill.lines ?? []
  const { complete, homeless } = withStrays(requested, linesOf, document.strays)
  const planned = complete.map((wanted, index) => {
    const original = originals[index] ?? null
    if (original === null) return unknownReturn(wanted, document, policy)
    refuseOriginal(original, document)
    return planOne(known.get(original.id) as KnownOriginal, tenant, wanted, document, policy)
  })
  return planned.map((one, index) =>
    index === 0 ? { ...one, plan: { ...one.plan, unmatched: [...one.plan.unmatched, ...homeless] } } : one,
  )
}

/** Throws ReturnRefused: LEFT_GROUP. */
async function refuseFormerMembers(
  { groups }: Pick<Stores, 'groups'>,
  { id: tenant }: Tenant,
  originals: readonly (Transaction | null)[],
): Promise<void> {
  for (const original of originals) {
    if (original === null || original.groupId === null || original.memberId === null) continue
    const [own] = await groups.groupsOf(tenant, [original.memberId])
    if (own?.group.id !== original.groupId) throw new ReturnRefused('LEFT_GROUP', original.billNumber)
  }
}

/** Lines without a bill join the first return whose original has their item; what no original has stays homeless. */
function withStrays(
  requested: readonly RequestedReturn[],
  linesOf: (index: number) => OriginalBill['lines'],
  strays: readonly RequestedLine[],
): { readonly complete: readonly RequestedReturn[]; readonly homeless: readonly string[] } {
  const homeOf = ({ itemCode }: RequestedLine): number =>
    requested.findIndex(
      ({ request }, index) =>
        request.kind === 'LINE_ITEM' && linesOf(index).some((line) => line.itemCode === itemCode),
    )
  return {
    complete: requested.map(({ request, ...rest }, index) =>
      request.kind === 'LINE_ITEM'
        ? {
            ...rest,
            request: {
              ...request,
              lines: [...request.lines, ...strays.filter((line) => homeOf(line) === index)],
            },
          }
        : { ...rest, request },
    ),
    homeless: strays.filter((line) => homeOf(line) < 0).map(({ itemCode }) => itemCode),
  }
}

/** What the client should know of returns that were taken. Pure. */
export const noticesOf = (planned: readonly PlannedReturn[]): readonly ReturnNotice[] =>
  planned.flatMap(({ original, billNumber, plan }): readonly ReturnNotice[] => [
    ...(original ? [] : [{ kind: 'UNKNOWN_ORIGINAL' as const, about: billNumber }]),
    ...plan.unmatched.map((about) => ({ kind: 'UNMATCHED_LINE' as const, about })),
  ])

/** What the store keeps of returns. Pure. */
export const toNewReturns = (planned: readonly PlannedReturn[]): readonly NewTransactionReturn[] =>
  planned.map(({ original, billNumber, plan: { kind, amount, points, lines } }) => ({
    originalId: original?.id ?? null,
    billNumber,
    kind,
    amount,
    points,
    lines: original ? lines : [],
  }))

/** Whether points are taken back later: because that is wanted, or because what was to be taken is still to come. Pure. */
export const waitsForLoyalty = (
  { runsLoyalty, defersLoyalty }: { readonly runsLoyalty: boolean; readonly defersLoyalty?: boolean },
  planned: readonly PlannedReturn[],
): boolean =>
  runsLoyalty &&
  (defersLoyalty === true || planned.some(({ original }) => original?.noPointsReason === 'QUEUED'))

/** Returns of goods and money whose points are decided when they are taken. Pure. */
export const withoutPoints = (planned: readonly PlannedReturn[]): readonly PlannedReturn[] =>
  planned.map((one) => ({ ...one, plan: { ...one.plan, reversals: [], points: ZERO_POINTS } }))

/** Money that came back. Pure. */
export const returnedAmount = (planned: readonly PlannedReturn[]): Amount =>
  sumAmounts(planned.map(({ plan }) => plan.amount))

/** An original under lock, with what has come back of it so far; what this call takes is added as it is decided. */
interface KnownOriginal {
  readonly original: Transaction
  /** Returns of earlier calls. */
  readonly earlier: readonly TransactionReturn[]
  bill: OriginalBill
  history: readonly PastReturn[]
}

async function readOriginals(
  { transactions, awards }: Stores,
  { id: tenant }: Tenant,
  originals: readonly (Transaction | null)[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<ReadonlyMap<TransactionId, KnownOriginal>> {
  const found = originals.filter((original) => original !== null)
  if (found.length === 0) return new Map()
  const ids = [...new Set(found.map(({ id }) => id))]
  await transactions.lock(tenant, ids)
  const lines = await transactions.linesOf(tenant, ids)
  const history = await transactions.returnsOf(tenant, ids)
  const awarded = await awards.bySources(tenant, 'TRANSACTION', ids)
  return new Map(
    found.map((original) => {
      const own = lines.filter(({ transactionId }) => transactionId === original.id)
      const earlier = history.filter(({ originalId }) => originalId === original.id)
      return [
        original.id,
        {
          original,
          bill: {
            amount: soldAmount(original.amount, own),
            lines: own
              .filter(({ isReturn }) => !isReturn)
              .map((line) => toOriginalLine(line, original, document, policy)),
            awards: awarded.filter(({ sourceRef }) => sourceRef === original.id),
          },
          earlier,
          history: earlier,
        },
      ]
    }),
  )
}

const DAY_SECONDS = 86_400

function toOriginalLine(
  line: TransactionLine,
  { billedAt }: Transaction,
  { at }: ReturnDocument,
  { termsOf }: ReturnPolicy,
): OriginalBill['lines'][number] {
  const { serial, returnable, returnableDays, parts } = termsOf(line)
  const isLate = returnableDays !== null && secondOf(at) - secondOf(billedAt) > returnableDays * DAY_SECONDS
  return { ...line, serial, returnable: returnable && !isLate, parts }
}

function refuseOriginal({ outlierStatus, billedAt, billNumber }: Transaction, { at }: ReturnDocument): void {
  if (outlierStatus !== 'NORMAL') throw new ReturnRefused('OUTLIER_ORIGINAL', billNumber)
  if (secondOf(at) < secondOf(billedAt)) throw new ReturnRefused('BEFORE_SALE', billNumber)
}

function planOne(
  known: KnownOriginal,
  tenant: Tenant,
  { request }: RequestedReturn,
  document: ReturnDocument,
  policy: ReturnPolicy,
): PlannedReturn {
  const { original, bill } = known
  const plan = planReturn(bill, known.history, request, {
    amountDecimals: policy.amountDecimals,
    pointsDecimals: programOf(tenant, original.programId)?.pointsDecimals ?? 3,
    isExchange: document.isExchange,
  })
  if (document.isDatedByClient && known.earlier.some((past) => isRepeat(past, plan, bill, document)))
    throw new ReturnRefused('REPEATED', original.billNumber)
  const kept = policy.reversesPoints ? plan : { ...plan, reversals: [], points: ZERO_POINTS }
  remember(known, kept)
  return { billNumber: original.billNumber, original, plan: kept }
}

/** The same document with the same content at the same time: sent twice, not returned twice. */
function isRepeat(
  past: TransactionReturn,
  plan: ReturnPlan,
  { lines }: OriginalBill,
  { billNumber, at }: ReturnDocument,
): boolean {
  const content = ({ kind, amount, lines: taken }: Pick<ReturnPlan, 'kind' | 'amount' | 'lines'>): string => {
    const itemOf = (lineNo: number) => lines.find((line) => line.lineNo === lineNo)?.itemCode
    return JSON.stringify([
      kind,
      amount,
      taken.map((line) => [itemOf(line.lineNo), line.quantity, line.amount]),
    ])
  }
  return (
    past.documentNumber === billNumber &&
    secondOf(past.returnedAt) === secondOf(at) &&
    content(past) === content(plan)
  )
}

function remember(known: KnownOriginal, plan: ReturnPlan): void {
  known.history = [...known.history, plan]
  known.bill = {
    ...known.bill,
    awards: known.bill.awards.map((award) => {
      const reversal = plan.reversals.find(({ lineRef }) => lineRef === award.lineRef)
      return reversal ? { ...award, reversed: reversal.cumulative } : award
    }),
  }
}

function unknownReturn(
  { reference, request, statedAmount }: RequestedReturn,
  { billNumber }: ReturnDocument,
  { takesUnknown, takesUnnamed }: ReturnPolicy,
): PlannedReturn {
  if (!(reference === null ? takesUnnamed : takesUnknown))
    throw new ReturnRefused(
      reference?.id ? 'ORIGINAL_ID_NOT_FOUND' : 'ORIGINAL_NOT_FOUND',
      reference?.billNumber,
    )
  return {
    billNumber: reference?.billNumber ?? billNumber,
    original: null,
    plan: {
      kind: request.kind,
      amount: statedAmount,
      lines: [],
      reversals: [],
      points: ZERO_POINTS,
      unmatched: [],
    },
  }
}

/** A document of a member that has been stored, and what it takes back. */
export interface StoredReturns {
  readonly document: Transaction
  readonly planned: readonly PlannedReturn[]
  readonly requestId: string | null
}

/** Takes the points back, from the wallets that they went to; answers the member's last movement in each program. */
export async function reversePoints(
  stores: Stores,
  { tenant, actor }: Caller,
  { document, planned, requestId }: StoredReturns,
): Promise<ReadonlyMap<ProgramId, Movement>> {
  const movements = new Map<ProgramId, Movement>()
  for (const { original, plan } of planned) {
    if (original === null || plan.reversals.length === 0) continue
    const movement = await stores.ledger.reverse({
      account: walletOfBill(tenant, original, { id: original.programId }),
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
      source: { type: 'TRANSACTION', ref: original.id },
      purchase: { kind: 'TRANSACTION', id: document.id },
      lines: plan.reversals.map(({ lineRef, cumulative }) => ({ lineRef, cumulative })),
      maxDebt: ANY_DEBT,
    })
    if (original.groupId === null) movements.set(original.programId, movement)
  }
  return movements
}

/** A return is never refused because the points were spent. */
const ANY_DEBT = BigInt(Number.MAX_SAFE_INTEGER) as Points

/** What each program's spend changes by: less what came back of bills that were counted there. Pure. */
export function spendChanges(
  planned: readonly PlannedReturn[],
  fallback: ProgramId,
  { takesUnnamed }: Pick<ReturnPolicy, 'takesUnnamed'>,
): ReadonlyMap<ProgramId, Amount> {
  const changes = new Map<ProgramId, Amount>()
  for (const { original, plan } of planned) {
    const counted = original ? original.noPointsReason !== 'SKIPPED' : takesUnnamed
    if (!counted) continue
    const program = original?.programId ?? fallback
    const before = new Decimal(changes.get(program) ?? 0)
    changes.set(program, toAmount(before.minus(plan.amount)))
  }
  return changes
}

/**
 * Settles a member's standing in every program that money or points moved in, after the ledger's verbs and in the
 * order of the programs' numbers; answers the tier before and after in the one asked about.
 */
export async function settleStandings(
  stores: Stores,
  tenant: Tenant,
  memberId: MemberId,
  spend: ReadonlyMap<ProgramId, Amount>,
  movements: ReadonlyMap<ProgramId, Movement>,
  about: ProgramId,
): Promise<TierMove | null> {
  let shown: TierMove | null = null
  for (const id of [...new Set([...spend.keys(), ...movements.keys()])].sort(byNumber)) {
    // A program that the setup has retired has no tiers to stand in.
    const program = programOf(tenant, id)
    if (!program) continue
    const lifetime =
      movements.get(id)?.balance.lifetime ??
      (async () =>
        (await statementOf(stores.accounts, tenant, walletOf(tenant, memberId, program)))?.lifetime ??
        ZERO_POINTS)
    const move = await settleStanding(stores, tenant, {
      memberId,
      program,
      spend: spend.get(id) ?? toAmount(new Decimal(0)),
      lifetime,
    })
    if (id === about) shown = move
  }
  return shown
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b)

export const programOf = ({ setup }: Tenant, id: ProgramId): Program | null =>
  setup.programs.find((program) => program.id === id) ?? null
