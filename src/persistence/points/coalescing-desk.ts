import type {
  BillAsk,
  BillFacts,
  Booking,
  BookingAsk,
  BookingDesk,
  BookingFacts,
} from '../../domain/points/booking-desk'
import type { Movement } from '../../domain/points/ledger'
import { movedNow } from '../../domain/points/wallet'
import type { Program } from '../../domain/programs/program'
import type { Tenant } from '../../domain/programs/tenant'
import { Busy, Unavailable } from '../../domain/shared/errors'
import type { TenantId } from '../../domain/shared/ids'
import { MOST_UNDER_WAY, SharedWork } from './shared-work'

/**
 * A desk whose callers share statements while others are under way: what comes meanwhile goes together in the next one,
 * facts with facts and bookings with bookings of other members. Who comes alone is served straight away. Only on the
 * pool: in a transaction of the caller's there is nothing to share.
 */
export class CoalescingDesk implements BookingDesk {
  private readonly reading = new SharedWork<Asked<BookingAsk>, BookingFacts | null>((batch) =>
    together(batch, (tenant, program, asks) => this.desk.facts(tenant, program, asks)),
  )
  private readonly readingBills = new SharedWork<Asked<BillAsk>, BillFacts | null>((batch) =>
    together(batch, (tenant, program, asks) => this.desk.billFacts(tenant, program, asks)),
  )
  /** A booking ends by waiting for the disk: the database can work at as many again meanwhile. */
  private readonly booking = new SharedWork<Booked, Movement | null>(
    (batch) => this.bookTogether(batch),
    2 * MOST_UNDER_WAY,
  )

  constructor(private readonly desk: BookingDesk) {}

  async facts(
    tenant: Tenant,
    program: Program,
    asks: readonly BookingAsk[],
  ): Promise<readonly (BookingFacts | null)[]> {
    const [ask, ...others] = asks
    if (!ask || others.length > 0) return this.desk.facts(tenant, program, asks)
    return [await this.reading.add(queueOf(tenant, program), { tenant, program, ask })]
  }

  async billFacts(
    tenant: Tenant,
    program: Program,
    asks: readonly BillAsk[],
  ): Promise<readonly (BillFacts | null)[]> {
    const [ask, ...others] = asks
    if (!ask || others.length > 0) return this.desk.billFacts(tenant, program, asks)
    return [await this.readingBills.add(queueOf(tenant, program), { tenant, program, ask })]
  }

  readonly lock: BookingDesk['lock'] = (tenant, program, member) => this.desk.lock(tenant, program, member)

  async book(
    tenant: TenantId,
    bookings: readonly Booking[],
    how: 'unlocked' | 'locked',
  ): Promise<readonly (Movement | null)[]> {
    const [booking, ...others] = bookings
    if (!booking || others.length > 0 || how === 'locked') return this.desk.book(tenant, bookings, how)
    const queue = [tenant, booking.bill ? 'bill' : booking.order ? 'order' : 'award'].join(' ')
    return [await this.booking.add(queue, { tenant, booking }, namesOf(booking))]
  }

  /** All or nothing: when it is nothing, each is booked by itself, so that only who is in the way fails. */
  private async bookTogether(batch: readonly Booked[]): Promise<readonly (() => Movement | null)[]> {
    const [{ tenant }] = batch as readonly [Booked]
    const bookings = batch.map(({ booking }) => booking)
    // Wallets are made and locked in this order: two batches never wait for each other.
    const inOrder = [...bookings].sort((a, b) => Number(a.standing.memberId) - Number(b.standing.memberId))
    try {
      const movements = await this.desk.book(tenant, inOrder, 'unlocked')
      const movementOf = new Map<Booking, Movement | null>(
        inOrder.map((booking, index) => [booking, movements[index] ?? null] as const),
      )
      return bookings.map((booking) => () => movementOf.get(booking) ?? null)
    } catch (error) {
      if (batch.length === 1 || isOfAll(error)) throw error
    }
    return Promise.all(
      bookings.map((booking) =>
        this.desk.book(tenant, [booking], 'unlocked').then(
          ([movement = null]) =>
            () =>
              movement,
          (error: unknown) => () => {
            throw error
          },
        ),
      ),
    )
  }
}

interface Asked<Ask> {
  readonly tenant: Tenant
  readonly program: Program
  readonly ask: Ask
}

/** All facts of a statement are of one moment: that of a clock that was moved is the sandbox's. */
const queueOf = (tenant: Tenant, program: Program): string =>
  [tenant.id, program.id, movedNow(tenant) ?? ''].join(' ')

async function together<Ask, Facts>(
  batch: readonly Asked<Ask>[],
  read: (tenant: Tenant, program: Program, asks: readonly Ask[]) => Promise<readonly (Facts | null)[]>,
): Promise<readonly (() => Facts | null)[]> {
  const [first] = batch as readonly [Asked<Ask>]
  const facts = await read(
    first.tenant,
    first.program,
    batch.map(({ ask }) => ask),
  )
  return batch.map((_, index) => () => facts[index] ?? null)
}

interface Booked {
  readonly tenant: TenantId
  readonly booking: Booking
}

/** What no two bookings of a statement may share: each was planned without the other. */
const namesOf = ({ standing, order, bill }: Booking): readonly string[] => [
  `member ${standing.memberId}`,
  ...(order ? [`order ${order.orderKey}`] : []),
  ...(bill ? [`bill ${bill.billNumber}`] : []),
]

/** Nobody is to blame for it, and it may have been done all the same, or would take as long again. */
const isOfAll = (error: unknown): boolean =>
  error instanceof Unavailable || (error instanceof Busy && error.sqlState === '57014')
