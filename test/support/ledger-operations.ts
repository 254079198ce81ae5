import fc from 'fast-check'
import type {
  AccountKey,
  LedgerAnswer,
  LedgerCommand,
  Movement,
  PointsLedger,
} from '../../src/domain/points/ledger'
import { LoyaltyError } from '../../src/domain/shared/errors'
import { instantOf } from '../../src/domain/shared/instant'
import type { Points } from '../../src/domain/shared/points'
import type { ModelAnswer } from './ledger-model'
import { aKey } from './ledger-world'

/** What a random caller does next; figures are meant modulo what there is. */
export interface Operation {
  readonly what: (typeof MIX)[number]
  readonly wallet: number
  readonly other: number
  readonly pick: number
  readonly thousandths: number
  readonly lines: number
  readonly part: number
  /** How far the clock moves before. */
  readonly hours: number
  /** How late or early this caller's own clock is. */
  readonly skewMinutes: number
  readonly holdDays: number
  readonly lifeDays: number
  readonly choice: number
}

const MIX = [
  ...Array.from({ length: 8 }, () => 'award' as const),
  ...Array.from({ length: 6 }, () => 'redeem' as const),
  ...Array.from({ length: 5 }, () => 'reverse' as const),
  ...Array.from({ length: 3 }, () => 'transfer' as const),
  ...Array.from({ length: 3 }, () => 'adjust' as const),
  'hold',
  'hold',
  'capture',
  'release',
  'release',
  'again',
  'altered',
] as const

const nat = (max: number) => fc.nat({ max })

/** Operations of every kind; most at the same moment, some days apart, so that lots mature and lapse in between. */
export const anOperation = fc.record({
  what: fc.constantFrom(...MIX),
  wallet: nat(1_000),
  other: nat(1_000),
  pick: nat(1_000),
  thousandths: fc.oneof(nat(200_000), fc.constantFrom(0, 1, 999, 1_000, 50_000)),
  lines: nat(2),
  part: nat(100),
  hours: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: nat(48) },
    { weight: 1, arbitrary: nat(24 * 60) },
  ),
  skewMinutes: fc.integer({ min: -60, max: 60 }),
  holdDays: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: nat(40) }),
  lifeDays: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: nat(90) }),
  choice: nat(5),
})

/** Operations in which neighbors are often of one kind and at one moment, as in a bulk. */
export const bulkOperations = (most: number) =>
  fc
    .array(fc.record({ operation: anOperation, times: nat(6) }), {
      minLength: 1,
      maxLength: most,
      size: 'max',
    })
    .map((groups) =>
      groups.flatMap(({ operation, times }) =>
        Array.from({ length: times + 1 }, (_, n) => ({
          ...operation,
          what: (['award', 'award', 'redeem'] as const)[operation.other % 6] ?? operation.what,
          wallet: operation.wallet + (n % 2),
          hours: n === 0 ? operation.hours : 0,
          pick: n === 0 ? operation.pick : operation.pick * 6 + 1,
          // Redemptions that a wallet can mostly pay, across several of its lots.
          thousandths: operation.other % 6 === 2 ? operation.thousandths >> 3 : operation.thousandths,
        })),
      ),
    )

const START = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000

/** Turns operations into commands on some wallets, remembering what there is to reverse, capture and send again. */
export class Script {
  readonly sent: LedgerCommand[] = []
  private readonly awards: Extract<LedgerCommand, { verb: 'award' }>[] = []
  private readonly holds: { account: AccountKey; hold: string }[] = []
  private clock = START
  private count = 0

  constructor(
    private readonly wallets: readonly AccountKey[],
    /** Keeps keys and sources of several scripts apart. */
    private readonly name: string,
    private readonly skewed = false,
  ) {}

  /** The caller's clock, in milliseconds. */
  get now(): number {
    return this.clock
  }

  /** The next command; null when there is nothing that the operation could be about. */
  next(operation: Operation): LedgerCommand | null {
    this.clock =
      operation.what !== 'again' && operation.pick % 6 === 0
        ? this.nextMoment()
        : this.clock + operation.hours * HOUR
    const command = this.commandOf(operation)
    if (command) this.sent.push(command)
    return command
  }

  /** Learns from an answer: a hold can be captured from now on, an award reversed. */
  learn(asked: LedgerCommand, answer: Movement | null): void {
    if (!answer) return
    if (asked.verb === 'award') this.awards.push(asked)
    if (asked.verb === 'hold') this.holds.push({ account: asked.command.account, hold: answer.seq! })
  }

  /** The very moment at which the next lot matures or lapses: where mistakes of one tick live. */
  private nextMoment(): number {
    const moments = this.awards
      .flatMap(({ command }) => [command.maturesAt, command.expiresAt])
      .flatMap((moment) => (moment === null ? [] : [Date.parse(moment)]))
      .filter((moment) => moment > this.clock)
    return moments.length > 0 ? Math.min(...moments) : this.clock
  }

  private commandOf(operation: Operation): LedgerCommand | null {
    const { what, pick, thousandths, part, choice } = operation
    const move = this.move(operation)
    const points = BigInt(thousandths) as Points
    const ref = choice === 0 ? 'reward:1' : null
    switch (what) {
      case 'award':
        return this.award(operation)
      case 'redeem':
        return { verb: 'redeem', command: { ...move, points, ref, purchase: null } }
      case 'reverse': {
        const award = this.awards[pick % this.awards.length]
        return award ? this.reverse(operation, award) : null
      }
      case 'hold':
        return { verb: 'hold', command: { ...move, points, ref, expiresAt: null, purchase: null } }
      case 'capture':
      case 'release': {
        const hold = this.holds[pick % this.holds.length]
        if (!hold) return null
        const some = { ...move, ...hold, points: part > 50 ? null : points, purchase: null }
        return what === 'capture' ? { verb: what, command: { ...some, ref } } : { verb: what, command: some }
      }
      case 'transfer': {
        const to = this.at(operation.other).holder
        return {
          verb: 'transfer',
          command: {
            ...move,
            to,
            points,
            transferId: transferId(`${move.account.tenantId}-${this.name}`, this.count),
          },
        }
      }
      case 'adjust': {
        const signed = (choice > 2 ? points : 0n - points) as Points
        const beyond = (['refuse', 'clamp', 'debt'] as const)[choice % 3]!
        const maxDebt = BigInt(part * 1_000) as Points
        return {
          verb: 'adjust',
          command: { ...move, points: signed, beyond, maxDebt, expiresAt: this.expiry(operation) },
        }
      }
      case 'again':
        return this.sent[pick % this.sent.length] ?? null
      default: {
        const sent = this.sent[pick % this.sent.length]
        if (!sent) return null
        const idempotency = {
          ...sent.command.idempotency!,
          requestHash: aKey('', ['altered', this.count]).requestHash,
        }
        return { ...sent, command: { ...sent.command, idempotency } } as LedgerCommand
      }
    }
  }

  private award(operation: Operation): LedgerCommand {
    const { lines, thousandths, choice, holdDays, pick } = operation
    // Now and then a source that was there before.
    const source = { type: 'test', ref: pick < 30 ? `${this.name}-${pick}` : `${this.name}-s${this.count}` }
    const command = {
      ...this.move(operation),
      source,
      purchase: null,
      lines: Array.from({ length: lines + 1 }, (_, n) => ({
        lineRef: `${n}`,
        points: BigInt(Math.max(0, thousandths - n)) as Points,
        rule: 'test@1',
      })),
      maturesAt: holdDays === 0 ? null : instantOf(this.clock + holdDays * 24 * HOUR),
      expiresAt: this.expiry(operation),
      countsForLifetime: choice > 0,
    }
    return { verb: 'award', command }
  }

  private reverse(operation: Operation, award: Extract<LedgerCommand, { verb: 'award' }>): LedgerCommand {
    const { part, choice, lines, wallet } = operation
    const share = (points: bigint) => (choice === 5 ? points + 1n : (points * BigInt(part)) / 100n) as Points
    // Now and then by somebody whose award it is not.
    const account = wallet < 30 ? this.at(wallet) : award.command.account
    return {
      verb: 'reverse',
      command: {
        ...this.move(operation),
        account,
        source: award.command.source,
        lines: award.command.lines
          .slice(0, lines + 1)
          .map(({ lineRef, points }) => ({ lineRef, cumulative: share(points) })),
        purchase: null,
        maxDebt: BigInt(choice * 20_000) as Points,
      },
    }
  }

  private move(operation: Operation) {
    const now = instantOf(this.clock + (this.skewed ? operation.skewMinutes * 60_000 : 0))
    this.count++
    return {
      account: this.at(operation.wallet),
      now,
      timeZone: 'UTC',
      facts: { actionId: null, reason: null, actor: this.name, requestId: null, occurredAt: now },
      idempotency: aKey(`${this.name}-${this.count}`, operation),
    }
  }

  private expiry({ lifeDays, holdDays }: Operation) {
    return lifeDays === 0 ? null : instantOf(this.clock + (holdDays + lifeDays - 10) * 24 * HOUR)
  }

  private at = (index: number): AccountKey => this.wallets[index % this.wallets.length]!
}

const transferId = (name: string, count: number): string => {
  const hex = aKey('', [name, count]).requestHash
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

/** Runs one command; a refusal is an answer, anything else is an accident and thrown. */
export async function answerOf(
  ledger: PointsLedger,
  { verb, command }: LedgerCommand,
): Promise<LedgerAnswer> {
  try {
    const movement = await (ledger[verb] as (command: unknown) => Promise<Movement>).call(ledger, command)
    return { movement, error: null }
  } catch (error) {
    if (error instanceof LoyaltyError && error.code !== 'BUSY') return { movement: null, error }
    throw error
  }
}

/** An answer in the words of the model. */
export function told({ movement, error }: LedgerAnswer): ModelAnswer {
  if (!movement) return (error as LoyaltyError).code
  const { seq, moved, shortfall, balance } = movement
  return { seq, moved, shortfall, ...balance }
}
