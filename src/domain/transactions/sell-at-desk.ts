import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import { type PlannedStanding, planStanding, withRetiredTier } from '../points/at-desk'
import {
  type BillAsk,
  type BillFacts,
  type BookedBill,
  type Booking,
  BookingOutrun,
} from '../points/booking-desk'
import type { Movement } from '../points/ledger'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import { toMicroseconds } from '../shared/instant'
import { looksAtPeriod } from '../tiers/settle-standing'
import { DuplicateBillNumber } from './errors'
import { awardOf } from './award-bill'
import {
  decideEarning,
  type Earning,
  programFor,
  type RecordedTransaction,
  type RecordTransaction,
  toNewTransaction,
} from './record-transaction'

/**
 * Whether a sale is booked at the desk: nothing but sold, earned and counted, by and for its member, in a program of one
 * currency whose tiers follow from what is known of the member now. Pure.
 */
export function isPlainSale(
  { tenant: { setup } }: Pick<Caller, 'tenant'>,
  { programId, group, redemptions = [], runsLoyalty, defersLoyalty, outlierStatus }: RecordTransaction,
): boolean {
  const program =
    programId === null ? setup.defaultProgram : setup.programs.find(({ id }) => id === programId)
  const isForMember = !group && redemptions.length === 0
  const isRun = runsLoyalty && defersLoyalty !== true && outlierStatus === 'NORMAL'
  return isForMember && isRun && program?.alternateCurrencies.length === 0 && !looksAtPeriod(program)
}

/** A sale of which everything is known that does not depend on who buys. */
export interface DecidedSale {
  readonly command: RecordTransaction
  readonly program: Program
  readonly earning: Earning
}

/** Throws ProgramNotFound, InvalidPoints. Pure. */
export function decidedSale({ tenant }: Caller, command: RecordTransaction): DecidedSale {
  const program = programFor(tenant, command.programId)
  return { command, program, earning: decideEarning(program, command) }
}

/** Pure. */
export const billAskOf = ({ command }: DecidedSale): BillAsk => ({
  member: command.member,
  bill: command,
  lineCount: command.lines.length,
})

/** A sale as it will be booked, and what will be answered once it is. */
export interface PlannedSale extends Pick<PlannedStanding, 'tier' | 'isUnsure'> {
  readonly sale: DecidedSale
  readonly facts: BillFacts
  readonly booking: Booking & { readonly bill: BookedBill }
}

/** What a sale will book, by what is known of its member. Throws MemberNotFound, MemberMayNotAct, DuplicateBillNumber. Pure. */
export function planSale(caller: Caller, sale: DecidedSale, facts: BillFacts | null): PlannedSale {
  const { command, program, earning } = sale
  if (!facts)
    throw new MemberNotFound(
      typeof command.member === 'string' ? { type: 'id', value: command.member } : command.member,
    )
  const { member } = facts.found
  assertMayAct(member)
  if (facts.isTaken) throw new DuplicateBillNumber(command.billNumber)
  const bill = { ...toNewTransaction(command, { member, group: null, program }, earning), ...facts.drawn }
  const { id, billNumber, memberId, groupId } = bill
  const transaction = { id, billNumber, memberId, groupId, billedAt: command.billed.at }
  const award = awardOf(caller, command, { program, stored: { transaction }, earning })
  const { tier, isUnsure, ...standing } = planStanding(program, facts, { spend: command.amount, award })
  return { sale, facts, booking: { order: null, bill, award, ...standing, said: null }, tier, isUnsure }
}

/** The answer, once it is booked. Pure. */
export function soldBy(
  { sale: { program }, facts, booking, tier }: PlannedSale,
  movement: Movement | null,
): RecordedTransaction {
  const { billed, billNumberRule: _rule, lines, lineIds, payments: _payments, ...bill } = booking.bill
  const { award } = booking
  return {
    transaction: {
      ...bill,
      billedAt: toMicroseconds(billed.at),
      billedAtOffset: billed.offset,
      updatedAt: null,
    },
    lines: lines.map((line, index) => ({
      ...line,
      id: lineIds[index] as (typeof lineIds)[number],
      transactionId: bill.id,
    })),
    member: facts.found.member,
    program,
    award: award && movement && { movement, expiresAt: award.expiresAt },
    tiers: tier,
    isQueued: false,
    notices: [],
  }
}

/**
 * Stores a plain sale and books what it earns in two round trips: everything it rests on is read at once, everything it
 * does is written at once, and what was read is asserted again while it is written.
 *
 * Throws BookingOutrun where somebody else moved the member meanwhile, or something is due in the wallet; and what
 * `recordTransaction` throws.
 */
export async function sellAtDesk(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  command: RecordTransaction,
): Promise<RecordedTransaction> {
  const { tenant } = caller
  const sale = decidedSale(caller, command)
  return unitOfWork.atOnce(async (stores) => {
    const [facts = null] = await stores.desk.billFacts(tenant, sale.program, [billAskOf(sale)])
    const plan = planSale(caller, sale, facts)
    const planned = await withRetiredTier(stores, caller, plan.facts, plan)
    if (planned.isUnsure) throw new BookingOutrun()
    const [movement = null] = await stores.desk.book(tenant.id, [planned.booking], 'unlocked')
    return soldBy(planned, movement)
  })
}
