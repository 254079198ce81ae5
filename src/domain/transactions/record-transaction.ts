import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import type { IdentityKey, Member } from '../members/member'
import type { MemberInProgram } from '../members/member-store'
import { type BillEarning, earnByBill, earnsAnything } from '../points/earning'
import { BookingOutrun } from '../points/booking-desk'
import { statementOf, walletOf } from '../points/wallet'
import type { Group } from '../members/group'
import type { Caller } from '../programs/caller'
import { ProgramNotFound } from '../programs/errors'
import type { Program, TransactionRule } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { Decimal } from '../shared/decimal'
import type { MemberId, ProgramId } from '../shared/ids'
import { type Amount, sumAmounts, toAmount, ZERO_AMOUNT } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import { awardFor, type TransactionAward } from './award-bill'
import { type CurrencyEarning, currenciesEarned } from './currency-earning'
import { type CurrencyEffect, moveCurrencies } from './move-currencies'
import { type GroupReference, groupOfBill } from './bill-group'
import { isLoyaltyDue, queued, queueLoyalty } from './queue-loyalty'
import type { ReturnNotice } from './planned-return'
import { isPlainSale, sellAtDesk } from './sell-at-desk'
import type { StoredTransaction } from './transaction-store'
import type { NewTransaction, NewTransactionLine, NoPointsReason } from './transaction'

/** A sale to store and to award, amounts in the tenant's currency. */
export interface RecordTransaction extends Omit<
  NewTransaction,
  'type' | 'memberId' | 'groupId' | 'programId' | 'rawPoints' | 'points' | 'noPointsReason' | 'lines'
> {
  /** Who bought: an identity as the door knows it, or the member's number. */
  readonly member: IdentityKey | MemberId
  /** The group of theirs that gets the points; absent: the member does. */
  readonly group?: GroupReference | null
  /** Null: the tenant's default. */
  readonly programId: ProgramId | null
  readonly lines: readonly Omit<NewTransactionLine, 'points' | 'isReturn'>[]
  /** The tenant's settings exclude this bill number from earning. */
  readonly ignoresPoints: boolean
  /** False for a plain import: stored, nothing else. */
  readonly runsLoyalty: boolean
  /** Stored at once; points and standing follow in the background. */
  readonly defersLoyalty?: boolean
  readonly requestId: string | null
}

/** A bill that was stored, whatever its type, and what it did. */
export interface RecordedBill extends StoredTransaction {
  /** Null: nobody known. */
  readonly member: Member | null
  readonly program: Program
  readonly award: TransactionAward | null
  /** What it did in the program's further currencies, one by one; absent: the program has none, or they are still to come. */
  readonly currencies?: readonly CurrencyEffect[]
  /** The tier before and after; null when the bill does not count towards one. */
  readonly tiers: TierMove | null
  /** Its points and what they do to the standing are still to come: `award` and `tiers` say nothing yet. */
  readonly isQueued: boolean
  /** What was taken although something about what it takes back was wrong. */
  readonly notices: readonly ReturnNotice[]
}

export interface RecordedTransaction extends RecordedBill {
  readonly member: Member
}

/**
 * Stores a sale of a known member and awards what the program's rule gives for it, all or nothing. What earns
 * nothing is stored all the same and says why (`noPointsReason`). Points live from the moment they are awarded, not
 * from the billing date: a bill that reaches us late, or an old one that is entered by hand, would otherwise earn
 * points that are already gone, which no customer at a till understands; how old a bill may be is the door's to
 * limit, and the journal shows both moments. Spend counts towards tiers unless the sale is an outlier or an import.
 * With `defersLoyalty` what it earns is decided now and booked later, in the order of the member's bills.
 *
 * Throws MemberNotFound, MemberMayNotAct, ProgramNotFound, DuplicateBillNumber, InvalidPoints, Busy.
 */
export async function recordTransaction(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RecordTransaction,
): Promise<RecordedTransaction> {
  if (!isPlainSale(caller, command)) return recordStepByStep(deps, caller, command)
  try {
    return await sellAtDesk(deps, caller, command)
  } catch (error) {
    if (!(error instanceof BookingOutrun)) throw error
    // Somebody else moved the member meanwhile: under locks it goes through.
    return recordStepByStep(deps, caller, command)
  }
}

async function recordStepByStep(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  command: RecordTransaction,
): Promise<RecordedTransaction> {
  const { tenant } = caller
  const program = programFor(tenant, command.programId)
  const earning = decideEarning(program, command)
  return unitOfWork.run(async (stores) => {
    const { member } = await memberWhoBuys(stores, tenant, command.member, program)
    const { group, notices } = await groupOfBill(stores, tenant, member.id, command.group ?? null)
    const work = { earning, spend: countsForTiers(command) ? command.amount : null }
    const isQueued = command.defersLoyalty === true && isLoyaltyDue(work)
    const stored = await stores.transactions.add(
      tenant.id,
      toNewTransaction(command, { member, group, program }, isQueued ? queued(earning) : earning),
    )
    if (isQueued) {
      await queueLoyalty(stores, caller, stored.transaction, { ...work, requestId: command.requestId })
      return { ...stored, member, program, award: null, tiers: null, isQueued, notices }
    }
    const award = await awardFor(stores, caller, command, { program, stored, earning })
    const currencies = await moveCurrencies(stores, caller, {
      document: stored.transaction,
      sale: { program, currencies: earning.currencies },
      returns: null,
      requestId: command.requestId,
    })
    const tiers = await standingAfter(stores, tenant, command, {
      member,
      program,
      // What a group has earned does not lift its members.
      award: group ? null : award,
    })
    return { ...stored, member, program, award, currencies, tiers, isQueued, notices }
  })
}

/** A sale to somebody who is no member. */
export type AnonymousTransaction = Omit<
  RecordTransaction,
  'member' | 'group' | 'ignoresPoints' | 'runsLoyalty' | 'defersLoyalty' | 'requestId'
>

/**
 * Stores a sale to nobody known: it earns nothing, for there is nobody to earn it.
 *
 * Throws ProgramNotFound, DuplicateBillNumber, Busy.
 */
export async function recordAnonymousTransaction(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { lines, ...sale }: AnonymousTransaction,
): Promise<RecordedBill> {
  const program = programFor(tenant, sale.programId)
  return unitOfWork.run(async ({ transactions }) => {
    const stored = await transactions.add(tenant.id, {
      ...sale,
      type: 'NOT_INTERESTED',
      memberId: null,
      groupId: null,
      programId: program.id,
      rawPoints: ZERO_POINTS,
      points: ZERO_POINTS,
      noPointsReason: 'NO_MEMBER',
      lines: lines.map((line) => ({ ...line, isReturn: false, points: ZERO_POINTS })),
    })
    return { ...stored, member: null, program, award: null, tiers: null, isQueued: false, notices: [] }
  })
}

/** Whoever would buy, or the refusal: the same answer for a check before the sale as for the sale itself. */
export async function memberWhoBuys(
  { members }: Pick<Stores, 'members'>,
  tenant: Tenant,
  who: IdentityKey | MemberId,
  program: Program,
): Promise<MemberInProgram> {
  const found =
    typeof who === 'string'
      ? await members.findInProgramById(tenant.id, who, program.id)
      : await members.findInProgram(tenant.id, who, program.id)
  if (!found) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  assertMayAct(found.member)
  return found
}

/** The program a sale names, or the tenant's default. Throws ProgramNotFound. */
export function programFor({ setup }: Tenant, id: ProgramId | null): Program {
  if (id === null) return setup.defaultProgram
  const program = setup.programs.find((candidate) => candidate.id === id)
  if (!program) throw new ProgramNotFound(id)
  return program
}

/** What a sale earns, line by line where lines earned, and why when it is nothing. */
export interface Earning extends BillEarning {
  readonly noPointsReason: NoPointsReason | null
  /** What it earns of each further currency of the program, none included. */
  readonly currencies: readonly CurrencyEarning[]
}

type EarningFacts = Pick<RecordTransaction, 'amount' | 'outlierStatus' | 'ignoresPoints' | 'runsLoyalty'> & {
  readonly lines: readonly Pick<NewTransactionLine, 'amount' | 'outlier'>[]
}

/** Decides what a sale earns under a program's rule. Outlier lines are as good as free. Pure. */
export function decideEarning(program: Program, sale: EarningFacts): Earning {
  const { transactions: rule, pointsDecimals } = program
  const excluded = exclusionOf(sale)
  if (excluded) return nothing(excluded)
  const base = earningBase(rule?.basis ?? 'line-net', sale)
  const currencies = currenciesEarned(program, base)
  if (!rule) return nothing('NO_RULE', currencies)
  if (sumAmounts([base.bill, ...base.lines]) === ZERO_AMOUNT)
    return nothing(sale.lines.some(({ outlier }) => outlier) ? 'OUTLIER' : 'ZERO_AMOUNT', currencies)
  const earning = earnByBill(rule, base.bill, base.lines, pointsDecimals)
  return { ...earning, noPointsReason: earnsAnything(earning.awarded) ? null : 'ROUNDED_TO_ZERO', currencies }
}

function exclusionOf({ outlierStatus, ignoresPoints, runsLoyalty }: EarningFacts): NoPointsReason | null {
  if (!runsLoyalty) return 'SKIPPED'
  if (outlierStatus !== 'NORMAL') return 'OUTLIER'
  return ignoresPoints ? 'IGNORED_BILL_NUMBER' : null
}

const nothing = (noPointsReason: NoPointsReason, currencies: readonly CurrencyEarning[] = []): Earning => ({
  raw: ZERO_POINTS,
  awarded: ZERO_POINTS,
  lines: [],
  noPointsReason,
  currencies,
})

/** What the rule looks at: the lines' net amounts, or the bill's less what its outlier lines cost. */
function earningBase(
  basis: TransactionRule['basis'],
  { amount, lines }: EarningFacts,
): { bill: Amount; lines: Amount[] } {
  if (basis === 'line-net' && lines.length > 0)
    return { bill: ZERO_AMOUNT, lines: lines.map((line) => (line.outlier ? ZERO_AMOUNT : line.amount)) }
  const excluded = sumAmounts(lines.filter(({ outlier }) => outlier).map((line) => line.amount))
  return { bill: toAmount(Decimal.max(0, new Decimal(amount).minus(excluded))), lines: [] }
}

/** What is stored of a sale. Name by name, which is the cheapest copy: each sale is one. */
export function toNewTransaction(
  sale: RecordTransaction,
  { member, group, program }: { member: Member; group: Group | null; program: Program },
  earning: Earning,
): NewTransaction {
  return {
    type: 'REGULAR',
    billNumber: sale.billNumber,
    billNumberRule: sale.billNumberRule,
    memberId: member.id,
    groupId: group?.id ?? null,
    programId: program.id,
    storeId: sale.storeId,
    tillCode: sale.tillCode,
    source: sale.source,
    amount: sale.amount,
    grossAmount: sale.grossAmount,
    discount: sale.discount,
    currency: sale.currency,
    billed: sale.billed,
    deliveryStatus: sale.deliveryStatus,
    outlierStatus: sale.outlierStatus,
    note: sale.note,
    rawPoints: earning.raw,
    points: earning.awarded,
    noPointsReason: earning.noPointsReason,
    customFields: sale.customFields,
    extendedFields: sale.extendedFields,
    attributes: sale.attributes,
    lines: sale.lines.map((line, index) => ({
      ...line,
      isReturn: false,
      points: earning.lines[index] ?? ZERO_POINTS,
    })),
    payments: sale.payments,
    ...(sale.redemptions && { redemptions: sale.redemptions }),
  }
}

async function standingAfter(
  stores: Stores,
  tenant: Tenant,
  command: RecordTransaction,
  { member, program, award }: { member: Member; program: Program; award: TransactionAward | null },
): Promise<RecordedTransaction['tiers']> {
  if (!countsForTiers(command)) return null
  const lifetime = award?.movement.balance.lifetime ?? (() => lifetimeOf(stores, tenant, member, program))
  return settleStanding(stores, tenant, { memberId: member.id, program, spend: command.amount, lifetime })
}

const countsForTiers = ({
  runsLoyalty,
  outlierStatus,
}: Pick<RecordTransaction, 'runsLoyalty' | 'outlierStatus'>): boolean =>
  runsLoyalty && outlierStatus === 'NORMAL'

async function lifetimeOf(
  { accounts }: Stores,
  tenant: Tenant,
  member: Member,
  program: Program,
): Promise<Points> {
  const statement = await statementOf(accounts, tenant, walletOf(tenant, member.id, program))
  return statement?.lifetime ?? ZERO_POINTS
}
