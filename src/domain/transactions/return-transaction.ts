import type { LoyaltyDeps } from '../loyalty'
import type { IdentityKey, Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import type { Amount } from '../shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { moveCurrencies } from './move-currencies'
import { findMembersSale, findOriginal, type OriginalReference, type Owner } from './find-original'
import { ordersTaken, queueLoyalty } from './queue-loyalty'
import { memberWhoBuys, type RecordedBill } from './record-transaction'
import {
  noticesOf,
  type PlannedReturn,
  type ReturnDocument,
  type RequestedReturn,
  returnedAmount,
  type ReturnNotice,
  type ReturnPolicy,
  waitsForLoyalty,
  withoutPoints,
} from './planned-return'
import { planReturns } from './plan-returns'
import { programOf, settleStandings, spendChanges } from './settle-standings'
import { reversePoints, storeReturns } from './reverse-points'
import type { NewTransaction, NewTransactionLine } from './transaction'

/** A return to store, amounts in the tenant's currency. */
export interface ReturnTransaction extends Omit<
  NewTransaction,
  | 'type'
  | 'billNumber'
  | 'memberId'
  | 'groupId'
  | 'programId'
  | 'rawPoints'
  | 'points'
  | 'noPointsReason'
  | 'lines'
  | 'amount'
> {
  /** Null: the original's, or `generatedNumber` where that is not known. */
  readonly billNumber: string | null
  readonly generatedNumber: string
  /** Whose goods come back; null: nobody known. */
  readonly member: IdentityKey | MemberId | null
  /** At least one. */
  readonly returns: readonly RequestedReturn[]
  /** Lines that name no bill, beside others that do. */
  readonly strays: ReturnDocument['strays']
  /** What the client says that the lines come to; null: what they do come to. */
  readonly linesAmount: Amount | null
  readonly lines: readonly Omit<NewTransactionLine, 'points' | 'isReturn'>[]
  readonly policy: ReturnPolicy
  readonly isDatedByClient: boolean
  /** False for a plain import: stored, nothing else. */
  readonly runsLoyalty: boolean
  /** Stored at once; points and standing follow in the background. */
  readonly defersLoyalty?: boolean
  readonly requestId: string | null
}

/**
 * Stores a return, takes back the points that the returned goods earned and lowers what the member has spent, all or
 * nothing: two returns of one bill follow each other. Points that were spent are taken as debt. The tier follows.
 * With `defersLoyalty`, and always while the points of what comes back are themselves still to come, the return is stored
 * and its points are taken back later, after theirs.
 * A return to nobody known moves no points; one whose bill is a member's after all is taken as that member's.
 *
 * Throws MemberNotFound, MemberMayNotAct, ReturnRefused, DuplicateBillNumber, Busy.
 */
export async function returnTransaction(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  command: ReturnTransaction,
): Promise<RecordedBill> {
  const { tenant } = caller
  return unitOfWork.run(async (stores) => {
    const who = await whoReturns(stores, tenant, command)
    const policy = { ...command.policy, reversesPoints: command.policy.reversesPoints && command.runsLoyalty }
    const billNumber = command.billNumber ?? command.generatedNumber
    const document = { ...command, billNumber, at: command.billed.at, isExchange: false, owner: who.owner }
    await stores.transactions.claimNumber(tenant.id, { ...command, billNumber })
    const decided = await planReturns(stores, tenant, command.returns, document, policy)
    const isQueued = who.member !== null && waitsForLoyalty(command, decided)
    const planned = isQueued ? withoutPoints(decided) : decided
    const program = programFor(tenant, planned)
    const stored = await stores.transactions.add(
      tenant.id,
      toNewReturn(command, who.member, program.id, planned, isQueued),
    )
    await storeReturns(stores, caller, stored.transaction.id, planned)
    const notices = [...who.notices, ...noticesOf(planned)]
    const recorded = { ...stored, member: who.member, program, award: null, isQueued, notices }
    if (!who.member || !command.runsLoyalty) return { ...recorded, tiers: null }
    if (isQueued) {
      await queueLoyalty(stores, caller, stored.transaction, {
        earning: null,
        spend: null,
        returns: policy,
        orders: ordersTaken(decided),
        requestId: command.requestId,
      })
      return { ...recorded, tiers: null }
    }
    const memberId = who.member.id
    const movements = await reversePoints(stores, caller, {
      document: stored.transaction,
      planned,
      requestId: command.requestId,
    })
    const currencies = await moveCurrencies(stores, caller, {
      document: stored.transaction,
      sale: null,
      returns: policy,
      requestId: command.requestId,
    })
    const spend = spendChanges(planned, program.id, policy)
    const tiers = await settleStandings(stores, tenant, memberId, spend, movements, program.id)
    return { ...recorded, currencies, tiers }
  })
}

interface Returner {
  readonly member: Member | null
  readonly owner: Owner
  readonly notices: readonly ReturnNotice[]
}

async function whoReturns(
  stores: Stores,
  tenant: Tenant,
  { member: who, ...command }: ReturnTransaction,
): Promise<Returner> {
  const program = tenant.setup.defaultProgram
  if (who !== null) {
    const { member } = await memberWhoBuys(stores, tenant, who, program)
    return { member, owner: { memberId: member.id }, notices: [] }
  }
  const owner = await membersOwn(stores, tenant, command)
  if (owner === null) return { member: null, owner: 'NOBODY', notices: [] }
  const { member } = await memberWhoBuys(stores, tenant, owner.memberId, program)
  return { member, owner: { memberId: member.id }, notices: owner.notices }
}

/** The member whose bill it is, or whose order, when nobody's bill has the number and exactly one member's has. */
async function membersOwn(
  stores: Stores,
  tenant: Tenant,
  { returns, policy }: Pick<ReturnTransaction, 'returns' | 'policy'>,
): Promise<MembersOwn | null> {
  const [only, ...others] = returns
  if (!only || others.length > 0) return null
  if (await findOriginal(stores, tenant, only.reference, 'NOBODY')) return null
  const sale = await findMembersSale(stores, tenant, only.reference)
  if (!sale) return ordersOwn(stores, tenant, only.reference, policy)
  if (!sale.memberId) return null
  const lines = await stores.transactions.linesOf(tenant.id, [sale.id])
  return { memberId: sale.memberId, notices: takenAsMembers(sale.billNumber, lines, policy) }
}

/** The member whose order it is; an order has one. */
async function ordersOwn(
  { orders }: Stores,
  { id: tenant }: Tenant,
  reference: OriginalReference | null,
  policy: ReturnPolicy,
): Promise<MembersOwn | null> {
  const key = reference?.id === null ? reference.billNumber : null
  const order = key === null ? null : await orders.findByKey(tenant, key)
  if (!order) return null
  const lines = await orders.linesOf(tenant, [order.id])
  return { memberId: order.memberId, notices: takenAsMembers(order.orderKey, lines, policy) }
}

interface MembersOwn {
  readonly memberId: MemberId
  readonly notices: readonly ReturnNotice[]
}

function takenAsMembers(
  about: string,
  lines: readonly Parameters<ReturnPolicy['termsOf']>[0][],
  { termsOf }: ReturnPolicy,
): readonly ReturnNotice[] {
  const hasLimit = lines.some((line) => termsOf(line).returnableDays !== null)
  return [
    { kind: 'TAKEN_AS_MEMBERS', about },
    ...(hasLimit ? [] : [{ kind: 'NO_RETURN_LIMIT' as const, about }]),
  ]
}

/** The program of what comes back, or the default where that is not known. */
function programFor(tenant: Tenant, planned: readonly PlannedReturn[]) {
  const [first] = planned.flatMap(({ original, order }) => original ?? order?.order ?? [])
  return (first && programOf(tenant, first.programId)) ?? tenant.setup.defaultProgram
}

function toNewReturn(
  {
    member: _who,
    returns,
    linesAmount,
    strays: _strays,
    billNumber,
    generatedNumber,
    policy: _policy,
    isDatedByClient: _dated,
    runsLoyalty: _runs,
    defersLoyalty: _defers,
    requestId: _id,
    lines,
    ...document
  }: ReturnTransaction,
  member: Member | null,
  programId: NewTransaction['programId'],
  planned: readonly PlannedReturn[],
  isQueued: boolean,
): NewTransaction {
  const points = pointsBack(planned)
  const byLines = returns.every(({ request }) => request.kind === 'LINE_ITEM')
  return {
    ...document,
    billNumber:
      billNumber ?? planned.find(({ original, order }) => original ?? order)?.billNumber ?? generatedNumber,
    type: member ? 'RETURN' : 'NOT_INTERESTED_RETURN',
    memberId: member?.id ?? null,
    groupId: groupOf(planned),
    programId,
    amount: (byLines ? linesAmount : null) ?? returnedAmount(planned),
    rawPoints: points,
    points,
    noPointsReason: isQueued ? 'QUEUED' : null,
    lines: lines.map((line) => ({ ...line, isReturn: true, points: ZERO_POINTS })),
  }
}

/** The group that all of what comes back was bought for, or null. */
function groupOf(planned: readonly PlannedReturn[]): string | null {
  const [first, ...others] = planned.map(({ original }) => original?.groupId ?? null)
  return first !== undefined && others.every((group) => group === first) ? first : null
}

/** What is taken back, as a change: not more than zero. Pure. */
export const pointsBack = (planned: readonly PlannedReturn[]): Points =>
  (0n - sumPoints(planned.map(({ plan }) => plan.points))) as Points
