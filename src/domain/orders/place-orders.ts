import { Decimal } from '../shared/decimal'
import { LoyaltyError } from '../shared/errors'
import { toAmount } from '../shared/money'
import type { LoyaltyDeps } from '../loyalty'
import { withRetiredTier } from '../points/at-desk'
import type { BookingFacts } from '../points/booking-desk'
import type { Movement } from '../points/ledger'
import { figuresExpected } from '../points/wallet'
import type { Caller } from '../programs/caller'
import { looksAtPeriod } from '../tiers/settle-standing'
import { DuplicateOrder } from './errors'
import {
  askOf,
  type DatedCommand,
  datedCommand,
  type PlacedOrder,
  placedBy,
  placeOrder,
  type PlaceOrder,
  planPlacing,
  type PlannedPlacing,
  storeOf,
} from './place-order'

/** What became of one of many: it was placed, or it was refused and the others were not. */
export type OrderAnswer =
  { readonly placed: PlacedOrder; readonly error: null } | { readonly placed: null; readonly error: Error }

/** So many orders are booked in one commit; more would hold the locks of many wallets for long. */
const MOST_AT_ONCE = 50

/**
 * Places orders as `placeOrder` does, in their order and each for itself, many to a commit. Answers are aligned with
 * the commands, and a refusal is an answer; anything else that goes wrong is thrown. All are of one program.
 */
export async function placeOrders(
  deps: LoyaltyDeps,
  caller: Caller,
  commands: readonly PlaceOrder[],
): Promise<readonly OrderAnswer[]> {
  const answers: OrderAnswer[] = []
  while (answers.length < commands.length) {
    const next = commands.slice(answers.length, answers.length + MOST_AT_ONCE)
    answers.push(...(await placeSome(deps, caller, next)))
  }
  return answers
}

/** Answers at least the first of the commands, and as many after it as one commit can have. */
async function placeSome(
  deps: LoyaltyDeps,
  caller: Caller,
  commands: readonly PlaceOrder[],
): Promise<readonly OrderAnswer[]> {
  const [first, ...others] = commands
  if (!first) return []
  // Where tiers look at a period, each order is settled in a transaction of its own.
  if (others.length === 0 || looksAtPeriod(first.program)) return [await placeOne(deps, caller, first)]
  const plans = await planTogether(deps, caller, commands)
  const planned = plans.flatMap(({ plan }) => (plan ? [plan] : []))
  const placed = await bookTogether(deps, caller, planned)
  const answers: OrderAnswer[] = []
  for (const [index, { plan, error }] of plans.entries()) {
    const command = commands[index] as PlaceOrder
    const done = plan && placed?.get(plan)
    if (error) answers.push({ placed: null, error })
    else answers.push(done ? { placed: done, error: null } : await placeOne(deps, caller, command))
  }
  return answers
}

const placeOne = (deps: LoyaltyDeps, caller: Caller, command: PlaceOrder): Promise<OrderAnswer> =>
  answerOf(async () => placeOrder(deps, caller, command)).then(({ value, error }) =>
    value ? { placed: value, error: null } : { placed: null, error },
  )

type Planned =
  { readonly plan: PlannedPlacing; readonly error: null } | { readonly plan: null; readonly error: Error }

/**
 * What each will book, knowing what those before it will have booked. Ends after an order that changes its member's
 * tier, and before a member's order that rests on what nobody knows yet: what follows is planned anew.
 */
async function planTogether(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  commands: readonly PlaceOrder[],
): Promise<readonly Planned[]> {
  return unitOfWork.atOnce(async (stores) => {
    const dated = await Promise.all(
      commands.map((one) => answerOf(async () => datedCommand(one, caller.tenant))),
    )
    const sound = dated.flatMap(({ value }) => (value ? [value] : []))
    const [program] = sound.map(({ command }) => command.program)
    const read = program ? await stores.desk.facts(caller.tenant, program, sound.map(askOf)) : []
    const factsOf = new Map(sound.map((one, index) => [one, read[index] ?? null]))
    const desk = new Forecast()
    const plans: Planned[] = []
    for (const { value, error } of dated) {
      const planned = error
        ? { value: null, error }
        : await answerOf(async () => {
            const facts = desk.expected(value, factsOf.get(value) ?? null)
            const store = await storeOf(stores, caller.tenant, value.command)
            const plan = planPlacing(caller, value, { facts, store })
            return withRetiredTier(stores, caller, plan.facts, plan)
          })
      plans.push(planned.error ? { plan: null, error: planned.error } : { plan: planned.value, error: null })
      if (planned.value && desk.note(planned.value) === 'changes tier') break
    }
    return plans
  })
}

/** Members as earlier orders of the same commit will leave them. */
class Forecast {
  private readonly members = new Map<string, BookingFacts>()
  private readonly keys = new Set<string>()

  /** Throws DuplicateOrder for a key that comes twice. */
  expected({ command }: DatedCommand, facts: BookingFacts | null): BookingFacts | null {
    if (this.keys.has(command.orderKey)) throw new DuplicateOrder(command.orderKey)
    const known = facts && this.members.get(facts.found.member.id)
    return known ? { ...known, orderId: facts.orderId, isTaken: facts.isTaken } : facts
  }

  note({ booking, facts, tier, held }: PlannedPlacing): 'changes tier' | 'goes on' {
    const { found } = facts
    this.keys.add(booking.order.orderKey)
    this.members.set(found.member.id, {
      ...facts,
      hasMembership: true,
      lastSeq: booking.award ? booking.seq : facts.lastSeq,
      found: {
        ...found,
        membership: {
          ...found.membership,
          spend: toAmount(new Decimal(found.membership.spend).plus(booking.standing.spend)),
          tierId: booking.standing.tierId,
        },
      },
      statement: booking.award
        ? figuresExpected(facts.statement, booking.order.points, held)
        : facts.statement,
    })
    return tier.before?.id === tier.after?.id ? 'goes on' : 'changes tier'
  }
}

/** Null when they could not be booked together: then each is placed by itself, so that only who is in the way fails. */
async function bookTogether(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  planned: readonly PlannedPlacing[],
): Promise<ReadonlyMap<PlannedPlacing, PlacedOrder> | null> {
  if (planned.length === 0 || planned.some(({ isUnsure }) => isUnsure)) return null
  const booked = await answerOf(() =>
    unitOfWork.atOnce(({ desk }) =>
      desk.book(
        tenant.id,
        planned.map(({ booking }) => booking),
        'unlocked',
      ),
    ),
  )
  const movements: readonly (Movement | null)[] | null = booked.value
  return movements && new Map(planned.map((plan, index) => [plan, placedBy(plan, movements[index] ?? null)]))
}

type Answer<T> = { readonly value: T; readonly error: null } | { readonly value: null; readonly error: Error }

/** A refusal as a value. */
async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work(), error: null }
  } catch (error) {
    if (error instanceof LoyaltyError) return { value: null, error }
    throw error
  }
}
