import type { LoyaltyDeps } from '../loyalty'
import { withRetiredTier } from '../points/at-desk'
import type { BillFacts } from '../points/booking-desk'
import { figuresExpected } from '../points/wallet'
import type { Caller } from '../programs/caller'
import { Decimal } from '../shared/decimal'
import { LoyaltyError } from '../shared/errors'
import type { MemberId } from '../shared/ids'
import { toAmount } from '../shared/money'
import { type RecordedTransaction, type RecordTransaction, recordTransaction } from './record-transaction'
import {
  billAskOf,
  type DecidedSale,
  decidedSale,
  isPlainSale,
  type PlannedSale,
  planSale,
  soldBy,
} from './sell-at-desk'

/** What became of one of many: it was stored, or it was refused and the others were not. */
export type SaleAnswer =
  | { readonly recorded: RecordedTransaction; readonly error: null }
  | { readonly recorded: null; readonly error: Error }

/** So many sales are booked in one commit; more would hold the locks of many wallets for long. */
const MOST_AT_ONCE = 50

/**
 * Records sales as `recordTransaction` does, in their order and each for itself, many plain ones to a commit. Answers are
 * aligned with the commands; whatever was thrown for one of them is its answer, and no other's.
 */
export async function recordTransactions(
  deps: LoyaltyDeps,
  caller: Caller,
  commands: readonly RecordTransaction[],
): Promise<readonly SaleAnswer[]> {
  const answers: SaleAnswer[] = []
  while (answers.length < commands.length) {
    const rest = commands.slice(answers.length, answers.length + MOST_AT_ONCE)
    const together = rest.slice(0, lengthOfRun(caller, rest))
    if (together.length > 1) answers.push(...(await recordSome(deps, caller, together)))
    else answers.push(await recordOne(deps, caller, rest[0] as RecordTransaction))
  }
  return answers
}

/** How many plain sales of one program come first, no number of theirs twice. */
function lengthOfRun(caller: Caller, commands: readonly RecordTransaction[]): number {
  const numbers = new Set<string>()
  const [first] = commands
  const end = commands.findIndex((command) => {
    const isNew = !numbers.has(command.billNumber)
    numbers.add(command.billNumber)
    return !isNew || !isPlainSale(caller, command) || command.programId !== first?.programId
  })
  return end < 0 ? commands.length : end
}

const recordOne = async (
  deps: LoyaltyDeps,
  caller: Caller,
  command: RecordTransaction,
): Promise<SaleAnswer> => {
  const { value, error } = await answerOf(() => recordTransaction(deps, caller, command))
  return error ? { recorded: null, error } : { recorded: value, error: null }
}

async function recordEach(
  deps: LoyaltyDeps,
  caller: Caller,
  commands: readonly RecordTransaction[],
): Promise<readonly SaleAnswer[]> {
  const answers: SaleAnswer[] = []
  for (const command of commands) answers.push(await recordOne(deps, caller, command))
  return answers
}

/** Answers at least the first of the commands, and as many after it as one commit can have. */
async function recordSome(
  deps: LoyaltyDeps,
  caller: Caller,
  commands: readonly RecordTransaction[],
): Promise<readonly SaleAnswer[]> {
  const { value: plans } = await answerOf(() => planTogether(deps, caller, commands))
  if (!plans) return recordEach(deps, caller, commands)
  const booked = await bookBeside(
    deps,
    caller,
    plans.flatMap(({ value }) => value ?? []),
  )
  const answers: SaleAnswer[] = []
  for (const [index, { value: plan, error }] of plans.entries()) {
    const recorded = plan && booked.get(plan)
    if (error instanceof LoyaltyError) answers.push({ recorded: null, error })
    else if (recorded) answers.push({ recorded, error: null })
    // Those that could not be booked together are recorded by themselves, so that only who is in the way is refused.
    else answers.push(await recordOne(deps, caller, commands[index] as RecordTransaction))
  }
  return answers
}

/**
 * What each will book, knowing what those before it will have booked. Ends after a sale that changes its member's tier:
 * what follows is planned anew.
 */
async function planTogether(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  commands: readonly RecordTransaction[],
): Promise<readonly Answer<PlannedSale>[]> {
  return unitOfWork.atOnce(async (stores) => {
    const decided = await Promise.all(
      commands.map((command) => answerOf(async () => decidedSale(caller, command))),
    )
    const sound = decided.flatMap(({ value }) => value ?? [])
    const [first] = sound
    const read = first ? await stores.desk.billFacts(caller.tenant, first.program, sound.map(billAskOf)) : []
    const factsOf = new Map<DecidedSale, BillFacts | null>(
      sound.map((one, index) => [one, read[index] ?? null]),
    )
    const members = new Forecast()
    const plans: Answer<PlannedSale>[] = []
    for (const { value: sale, error } of decided) {
      if (error) {
        plans.push({ value: null, error })
        continue
      }
      const planned = await answerOf(async () => {
        const plan = planSale(caller, sale, members.expected(factsOf.get(sale) ?? null))
        return withRetiredTier(stores, caller, plan.facts, plan)
      })
      plans.push(planned)
      if (planned.value && members.note(planned.value) === 'changes tier') break
    }
    return plans
  })
}

/** Members as earlier sales of the same commit will leave them. */
class Forecast {
  private readonly members = new Map<string, BillFacts>()

  expected(facts: BillFacts | null): BillFacts | null {
    const known = facts && this.members.get(facts.found.member.id)
    return known ? { ...known, drawn: facts.drawn, isTaken: facts.isTaken } : facts
  }

  note({ booking, facts, tier }: PlannedSale): 'changes tier' | 'goes on' {
    const { found } = facts
    const { award, standing, bill } = booking
    this.members.set(found.member.id, {
      ...facts,
      hasMembership: true,
      lastSeq: award ? booking.seq : facts.lastSeq,
      found: {
        ...found,
        membership: {
          ...found.membership,
          spend: toAmount(new Decimal(found.membership.spend).plus(standing.spend)),
          tierId: standing.tierId,
        },
      },
      statement: award ? figuresExpected(facts.statement, bill.points) : facts.statement,
    })
    return tier.before?.id === tier.after?.id ? 'goes on' : 'changes tier'
  }
}

/**
 * Those that could be booked, of many that go into the books together: in two commits at once, because sales of different
 * members have nothing to do with each other and the database has more than one processor.
 */
async function bookBeside(
  deps: LoyaltyDeps,
  caller: Caller,
  planned: readonly PlannedSale[],
): Promise<ReadonlyMap<PlannedSale, RecordedTransaction>> {
  const booked = await Promise.all(halvesOf(planned).map((half) => bookTogether(deps, caller, half)))
  return new Map(booked.flatMap((half) => [...half]))
}

/** Fewer are not worth a second statement. */
const FEWEST_TO_HALVE = 8

/** In their order and about as many in each, those of one member never apart. Pure. */
function halvesOf(planned: readonly PlannedSale[]): readonly (readonly PlannedSale[])[] {
  if (planned.length < FEWEST_TO_HALVE) return [planned]
  const halves: [PlannedSale[], PlannedSale[]] = [[], []]
  const halfOf = new Map<MemberId, PlannedSale[]>()
  for (const sale of planned) {
    const { id } = sale.facts.found.member
    const half = halfOf.get(id) ?? (halves[1].length < halves[0].length ? halves[1] : halves[0])
    halfOf.set(id, half)
    half.push(sale)
  }
  return halves
}

/** None when they could not be booked together. */
async function bookTogether(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  planned: readonly PlannedSale[],
): Promise<ReadonlyMap<PlannedSale, RecordedTransaction>> {
  if (planned.length === 0 || planned.some(({ isUnsure }) => isUnsure)) return new Map()
  const { value: movements } = await answerOf(() =>
    unitOfWork.atOnce(({ desk }) =>
      desk.book(
        tenant.id,
        planned.map(({ booking }) => booking),
        'unlocked',
      ),
    ),
  )
  return new Map(movements && planned.map((plan, index) => [plan, soldBy(plan, movements[index] ?? null)]))
}

type Answer<T> = { readonly value: T; readonly error: null } | { readonly value: null; readonly error: Error }

/** Whatever is thrown as a value: of many, what one meets is not the others' to suffer. */
async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work(), error: null }
  } catch (error) {
    if (error instanceof Error) return { value: null, error }
    throw error
  }
}
