import type { LoyaltyDeps } from '../loyalty'
import type { Group } from '../members/group'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import { Decimal } from '../shared/decimal'
import { toAmount, ZERO_AMOUNT } from '../shared/money'
import { sumPoints, ZERO_POINTS } from '../shared/points'
import { groupOfBill } from './bill-group'
import { soldAmount } from './original-bill'
import { ordersTaken, queued, queueLoyalty } from './queue-loyalty'
import { awardFor } from './award-bill'
import { moveCurrencies } from './move-currencies'
import {
  decideEarning,
  type Earning,
  memberWhoBuys,
  programFor,
  type RecordedTransaction,
  type RecordTransaction,
} from './record-transaction'
import { pointsBack } from './return-transaction'
import {
  noticesOf,
  type PlannedReturn,
  type RequestedReturn,
  type ReturnPolicy,
  waitsForLoyalty,
  withoutPoints,
} from './planned-return'
import { planReturns } from './plan-returns'
import { reversePoints, storeReturns } from './reverse-points'
import { settleStandings, spendChanges } from './settle-standings'
import type { NewTransaction, NewTransactionLine } from './transaction'

/** A sale that takes something back as well; `amount` is the difference, as the client says it. */
export interface ExchangeTransaction extends Omit<RecordTransaction, 'lines'> {
  /** Sold ones, and those that come back. */
  readonly lines: readonly Omit<NewTransactionLine, 'points'>[]
  /** At least one. */
  readonly returns: readonly RequestedReturn[]
  readonly policy: ReturnPolicy
  readonly isDatedByClient: boolean
}

/**
 * Stores a sale and what it takes back of earlier bills, all or nothing: what is sold earns, what comes back gives its
 * points back, and the transaction shows the difference. One refused return refuses the whole.
 *
 * Throws what `recordTransaction` and `returnTransaction` throw. Source: section 8 of the transactions contract.
 */
export async function exchangeTransaction(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  command: ExchangeTransaction,
): Promise<RecordedTransaction> {
  const { tenant } = caller
  const program = programFor(tenant, command.programId)
  const sold = soldAmount(command.amount, command.lines)
  const earning = decideEarning(program, { ...command, amount: sold, lines: command.lines.map(asSold) })
  return unitOfWork.run(async (stores) => {
    const { member } = await memberWhoBuys(stores, tenant, command.member, program)
    const policy = { ...command.policy, reversesPoints: command.policy.reversesPoints && command.runsLoyalty }
    const owner = { memberId: member.id }
    const { group, notices } = await groupOfBill(stores, tenant, member.id, command.group ?? null)
    await stores.transactions.claimNumber(tenant.id, command)
    const document = { ...command, at: command.billed.at, isExchange: true, owner, strays: [] }
    const decided = await planReturns(stores, tenant, command.returns, document, policy)
    const isQueued = waitsForLoyalty(command, decided)
    const planned = isQueued ? withoutPoints(decided) : decided
    const stored = await stores.transactions.add(
      tenant.id,
      toNewExchange(command, { member, group, program }, isQueued ? queued(earning) : earning, planned),
    )
    const { transaction } = stored
    await storeReturns(stores, caller, transaction.id, planned)
    const recorded = {
      ...stored,
      member,
      program,
      award: null,
      tiers: null,
      notices: [...notices, ...noticesOf(planned)],
    }
    // What is out of the ordinary does not count towards tiers; what comes back does all the same.
    const counted = command.outlierStatus === 'NORMAL' ? sold : null
    if (isQueued) {
      const { requestId } = command
      await queueLoyalty(stores, caller, transaction, {
        earning,
        spend: counted,
        returns: policy,
        orders: ordersTaken(decided),
        requestId,
      })
      return { ...recorded, isQueued }
    }
    const award = await awardFor(stores, caller, command, { program, stored, earning })
    if (!command.runsLoyalty) return { ...recorded, award, isQueued }
    const reversed = await reversePoints(stores, caller, {
      document: transaction,
      planned,
      requestId: command.requestId,
    })
    const currencies = await moveCurrencies(stores, caller, {
      document: transaction,
      sale: { program, currencies: earning.currencies },
      returns: policy,
      requestId: command.requestId,
    })
    const movements = new Map([
      ...(award && !group ? [[program.id, award.movement] as const] : []),
      ...reversed,
    ])
    const spend = new Map(spendChanges(planned, program.id, policy))
    if (counted !== null)
      spend.set(program.id, toAmount(new Decimal(spend.get(program.id) ?? 0).plus(counted)))
    const tiers = await settleStandings(stores, tenant, member.id, spend, movements, program.id)
    return { ...recorded, award, currencies, tiers, isQueued }
  })
}

/** What comes back earns nothing. */
const asSold = <Line extends Pick<NewTransactionLine, 'amount' | 'isReturn'>>(line: Line): Line =>
  line.isReturn ? { ...line, amount: ZERO_AMOUNT } : line

function toNewExchange(
  {
    member: _who,
    group: _group,
    ignoresPoints: _ignores,
    runsLoyalty: _runs,
    defersLoyalty: _defers,
    requestId: _id,
    returns: _returns,
    policy: _policy,
    isDatedByClient: _dated,
    lines,
    ...sale
  }: ExchangeTransaction,
  { member, group, program }: { member: Member; group: Group | null; program: Program },
  earning: Earning,
  planned: readonly PlannedReturn[],
): NewTransaction {
  const back = pointsBack(planned)
  return {
    ...sale,
    type: 'REGULAR',
    memberId: member.id,
    groupId: group?.id ?? null,
    programId: program.id,
    rawPoints: sumPoints([earning.raw, back]),
    points: sumPoints([earning.awarded, back]),
    noPointsReason: back === ZERO_POINTS ? earning.noPointsReason : null,
    lines: lines.map((line, index) => ({ ...line, points: earning.lines[index] ?? ZERO_POINTS })),
  }
}
