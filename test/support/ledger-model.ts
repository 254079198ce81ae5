import type {
  AccountKey,
  AdjustCommand,
  AwardCommand,
  CaptureCommand,
  LedgerCommand,
  ReverseCommand,
} from '../../src/domain/points/ledger'
import type { LoyaltyErrorCode } from '../../src/domain/shared/errors'

/**
 * The ledger once more, as plainly as it can be said: no database, no concurrency, whole lists instead of indexes. What
 * the functions of the database answer is compared with what this answers. Every command must carry its own `now`.
 */
export class ModelLedger {
  readonly wallets = new Map<string, Wallet>()
  private readonly decisions = new Map<string, { hash: string; answer: ModelAnswer }>()
  private readonly sources = new Map<string, { wallet: Wallet; lines: Source[] }>()

  run(asked: LedgerCommand): ModelAnswer {
    const { idempotency, account } = asked.command
    const key = idempotency && `${account.tenantId}/${idempotency.scope}/${idempotency.key}`
    const known = key ? this.decisions.get(key) : undefined
    if (known) return known.hash === idempotency!.requestHash ? known.answer : 'IDEMPOTENCY_KEY_REUSED'
    const invalid = invalidFigures(asked) ?? transferToItself(asked)
    if (invalid) return invalid
    const wallet = this.walletOf(account)
    const now = Date.parse(asked.command.now!)
    wallet.settle(now)
    const answer = this.decide(asked, wallet, now)
    if (key && (typeof answer !== 'string' || DECISIONS.has(answer))) {
      this.decisions.set(key, { hash: idempotency.requestHash, answer })
    }
    return answer
  }

  walletOf(account: AccountKey): Wallet {
    const name = walletName(account)
    const wallet = this.wallets.get(name) ?? new Wallet()
    this.wallets.set(name, wallet)
    return wallet
  }

  private decide(asked: LedgerCommand, wallet: Wallet, now: number): ModelAnswer {
    switch (asked.verb) {
      case 'award':
        return this.award(asked.command, wallet, now)
      case 'redeem':
        return wallet.available < asked.command.points
          ? 'INSUFFICIENT_POINTS'
          : wallet.redeem(asked.command.points, asked.command.ref, now)
      case 'reverse':
        return this.reverse(asked.command, wallet, now)
      case 'hold':
        return wallet.available < asked.command.points
          ? 'INSUFFICIENT_POINTS'
          : wallet.hold(asked.command.points, now)
      case 'capture':
        return wallet.refusedHold(asked.command) ?? wallet.capture(asked.command, now)
      case 'release':
        return (
          wallet.refusedHold(asked.command) ?? wallet.release(asked.command.hold, asked.command.points, now)
        )
      case 'transfer': {
        const to = this.walletOf({ ...asked.command.account, holder: asked.command.to })
        to.settle(now)
        return wallet.available < asked.command.points
          ? 'INSUFFICIENT_POINTS'
          : wallet.transfer(to, asked.command.points, now)
      }
      default:
        return wallet.adjust(asked.command, now)
    }
  }

  private award(
    { source, lines, maturesAt, expiresAt, countsForLifetime }: AwardCommand,
    wallet: Wallet,
    now: number,
  ): ModelAnswer {
    if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'EXPIRY_NOT_AFTER_AWARD'
    const name = `${source.type}/${source.ref}`
    if (this.sources.has(name)) return 'ALREADY_AWARDED'
    const matures = maturesAt === null ? now : Date.parse(maturesAt)
    const total = sum(lines.map(({ points }) => points))
    let debt = wallet.debt
    wallet.append('AWARD', matures <= now ? total : 0n, matures <= now ? 0n : total, 0n, now)
    const expires = expiresAt === null ? Infinity : Date.parse(expiresAt)
    const made = lines.map(({ lineRef, points }) => {
      const lot = wallet.addLot(points, matures, matures <= now, expires)
      if (lot.matured) debt -= lot.payDebt(debt)
      return { lineRef, lot, awarded: points, reversed: 0n, lapsed: 0n, counts: countsForLifetime }
    })
    this.sources.set(name, { wallet, lines: made })
    if (countsForLifetime) wallet.earned += total
    return wallet.answer(total, 0n)
  }

  private reverse({ source, lines, maxDebt }: ReverseCommand, wallet: Wallet, now: number): ModelAnswer {
    const award = this.sources.get(`${source.type}/${source.ref}`)
    const parts: { line: Source; due: bigint; take: bigint; own: bigint }[] = []
    for (const { lineRef, cumulative } of lines) {
      const line = award?.wallet === wallet ? award.lines.find((each) => each.lineRef === lineRef) : undefined
      if (!line) return 'AWARD_NOT_FOUND'
      if (cumulative > line.awarded) return 'REVERSAL_EXCEEDS_AWARD'
      const takeable = min(cumulative, line.awarded - line.lot.expired) - (line.reversed - line.lapsed)
      const take = max(0n, takeable)
      parts.push({ line, due: max(0n, cumulative - line.reversed), take, own: min(take, line.lot.remaining) })
    }
    if (sum(parts.map(({ due }) => due)) === 0n) return wallet.nothing(0n)
    return wallet.takeBack(parts, maxDebt, now)
  }
}

export type ModelAnswer = ModelMovement | LoyaltyErrorCode

export interface ModelMovement {
  readonly seq: string | null
  readonly moved: bigint
  readonly shortfall: bigint
  readonly available: bigint
  readonly pending: bigint
  readonly held: bigint
  readonly lifetime: bigint
}

export const walletName = ({ tenantId, holder, programId, currency }: AccountKey): string =>
  [tenantId, holder.kind, holder.id, programId, currency].join('/')

export interface ModelEntry {
  readonly kind: string
  readonly available: bigint
  readonly pending: bigint
  readonly held: bigint
  readonly after: bigint
}

interface Source {
  readonly lineRef: string
  readonly lot: Lot
  readonly awarded: bigint
  readonly counts: boolean
  reversed: bigint
  lapsed: bigint
}

class Lot {
  remaining: bigint
  reserved = 0n
  consumed = 0n
  expired = 0n
  reversed = 0n
  offsetDebt = 0n

  constructor(
    readonly no: number,
    readonly awarded: bigint,
    readonly matures: number,
    public matured: boolean,
    readonly expires: number,
  ) {
    this.remaining = awarded
  }

  payDebt(debt: bigint): bigint {
    const pay = min(debt, this.remaining)
    this.remaining -= pay
    this.offsetDebt += pay
    return pay
  }
}

type Fate = 'consumed' | 'reversed' | 'reserved'

export class Wallet {
  readonly journal: ModelEntry[] = []
  readonly lots: Lot[] = []
  readonly holds = new Map<string, { lot: Lot; open: bigint }[]>()
  available = 0n
  pending = 0n
  held = 0n
  earned = 0n
  reversed = 0n
  /** Part of what was earned, and reversed, that never became spendable. */
  never = 0n
  redeemed = 0n
  redeemedOnRewards = 0n
  expired = 0n
  year = 0
  credited = 0n
  debited = 0n

  get debt(): bigint {
    return max(0n, -this.available)
  }

  append(kind: string, available: bigint, pending: bigint, held: bigint, at: number): void {
    this.available += available
    this.pending += pending
    this.held += held
    this.count(available + pending + held, at)
    this.journal.push({ kind, available, pending, held, after: this.available })
  }

  /** Everything due up to now, in the order of time. */
  settle(now: number): void {
    const events = this.lots.flatMap((lot) => [
      ...(!lot.matured && lot.remaining > 0n && lot.matures <= now && lot.matures < lot.expires
        ? [{ at: lot.matures, lot, matures: true }]
        : []),
      ...(lot.remaining > 0n && lot.expires <= now ? [{ at: lot.expires, lot, matures: false }] : []),
    ])
    events.sort((a, b) => a.at - b.at || a.lot.no - b.lot.no || Number(b.matures) - Number(a.matures))
    for (const { at, lot, matures } of events) {
      if (matures) this.mature(lot, at)
      else this.expire(lot, at)
    }
    this.count(0n, now)
  }

  addLot(points: bigint, matures: number, matured: boolean, expires: number): Lot {
    const lot = new Lot(this.lots.length + 1, points, matures, matured, expires)
    this.lots.push(lot)
    return lot
  }

  redeem(points: bigint, ref: string | null, now: number): ModelAnswer {
    this.append('REDEEM', -points, 0n, 0n, now)
    this.take(points, 'consumed')
    this.spend(points, ref)
    return this.answer(points, 0n)
  }

  hold(points: bigint, now: number): ModelAnswer {
    this.append('HOLD', -points, 0n, points, now)
    const taken = this.take(points, 'reserved')
    this.holds.set(
      `${this.journal.length}`,
      taken.map(({ lot, points: open }) => ({ lot, open })),
    )
    return this.answer(points, 0n)
  }

  refusedHold({
    hold,
    points,
  }: {
    readonly hold: string
    readonly points: bigint | null
  }): LoyaltyErrorCode | null {
    if (!this.holds.has(hold)) return 'HOLD_NOT_FOUND'
    const open = this.openOf(hold)
    return open > 0n && (points ?? 1n) <= open ? null : 'INSUFFICIENT_POINTS'
  }

  capture({ hold, points, ref }: CaptureCommand, now: number): ModelAnswer {
    const amount = points ?? this.openOf(hold)
    this.append('CAPTURE', 0n, 0n, -amount, now)
    let need: bigint = amount
    for (const part of this.partsOf(hold)) {
      const k = min(need, part.open)
      part.open -= k
      part.lot.reserved -= k
      part.lot.consumed += k
      need -= k
    }
    this.spend(amount, ref)
    return this.answer(amount, 0n)
  }

  release(hold: string, points: bigint | null, now: number): ModelAnswer {
    const amount = points ?? this.openOf(hold)
    let { debt } = this
    this.append('RELEASE', amount, 0n, -amount, now)
    const seq = `${this.journal.length}`
    let need: bigint = amount
    for (const part of this.partsOf(hold).sort((a, b) => soonestFirst(b.lot, a.lot))) {
      const k = min(need, part.open)
      part.open -= k
      part.lot.reserved -= k
      part.lot.remaining += k
      // Only what was given back pays: while there is debt, nothing else is open.
      const pay = min(debt, k)
      part.lot.remaining -= pay
      part.lot.offsetDebt += pay
      debt -= pay
      need -= k
    }
    for (const { lot } of [...this.holds.get(hold)!].sort((a, b) => a.lot.no - b.lot.no)) {
      if (lot.remaining > 0n && lot.expires <= now) this.expire(lot, now)
    }
    return { ...this.answer(amount, 0n), seq }
  }

  transfer(to: Wallet, points: bigint, now: number): ModelAnswer {
    this.append('TRANSFER_OUT', -points, 0n, 0n, now)
    const taken = this.take(points, 'consumed')
    let { debt } = to
    to.append('TRANSFER_IN', points, 0n, 0n, now)
    for (const { lot, points: part } of taken) debt -= to.addLot(part, now, true, lot.expires).payDebt(debt)
    return this.answer(points, 0n)
  }

  adjust({ points, beyond, maxDebt, expiresAt }: AdjustCommand, now: number): ModelAnswer {
    if (points > 0n) {
      if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'EXPIRY_NOT_AFTER_AWARD'
      const { debt } = this
      this.append('ADJUST', points, 0n, 0n, now)
      this.addLot(points, now, true, expiresAt === null ? Infinity : Date.parse(expiresAt)).payDebt(debt)
      return this.answer(points, 0n)
    }
    const asked = 0n - points
    const there = min(asked, max(0n, this.available))
    if (beyond === 'refuse' && there < asked) return 'INSUFFICIENT_POINTS'
    const debt = beyond === 'debt' ? min(asked - there, max(0n, maxDebt - this.debt)) : 0n
    if (there + debt === 0n) return this.nothing(asked)
    this.append('ADJUST', -(there + debt), 0n, 0n, now)
    this.take(there, 'consumed')
    return this.answer(there + debt, asked - there - debt)
  }

  takeBack(
    parts: readonly { line: Source; due: bigint; take: bigint; own: bigint }[],
    maxDebt: bigint,
    now: number,
  ): ModelAnswer {
    const ownMatured = sum(parts.map(({ line, own }) => (line.lot.matured ? own : 0n)))
    const ownPending = sum(parts.map(({ line, own }) => (line.lot.matured ? 0n : own)))
    const rest = sum(parts.map(({ take, own }) => take - own))
    const spendable = this.available - ownMatured
    const others = min(rest, max(0n, spendable))
    const debt = min(rest - others, max(0n, maxDebt + min(0n, spendable)))
    this.append('REVERSE', -(ownMatured + others + debt), -ownPending, 0n, now)
    for (const { line, due, take, own } of parts) {
      line.lot.remaining -= own
      line.lot.reversed += own
      line.reversed += due
      line.lapsed += due - take
      if (line.counts) this.reversed += due
      if (line.counts && !line.lot.matured) this.never += own
    }
    this.take(others, 'reversed')
    return this.answer(ownMatured + ownPending + others + debt, rest - others - debt)
  }

  answer(moved: bigint, shortfall: bigint): ModelMovement {
    const { available, pending, held, earned, reversed } = this
    return {
      seq: `${this.journal.length}`,
      moved,
      shortfall,
      available,
      pending,
      held,
      lifetime: earned - reversed,
    }
  }

  nothing(shortfall: bigint): ModelMovement {
    return { ...this.answer(0n, shortfall), seq: null }
  }

  private mature(lot: Lot, at: number): void {
    const { debt } = this
    this.append('MATURE', lot.remaining, -lot.remaining, 0n, at)
    lot.matured = true
    lot.payDebt(debt)
  }

  private expire(lot: Lot, at: number): void {
    if (lot.remaining === 0n) return
    this.append('EXPIRE', lot.matured ? -lot.remaining : 0n, lot.matured ? 0n : -lot.remaining, 0n, at)
    this.expired += lot.remaining
    lot.expired += lot.remaining
    lot.remaining = 0n
  }

  private take(points: bigint, fate: Fate): { lot: Lot; points: bigint }[] {
    const open = this.lots.filter(({ remaining, matured }) => remaining > 0n && matured).sort(soonestFirst)
    const taken: { lot: Lot; points: bigint }[] = []
    let need = points
    for (const lot of open) {
      const part = min(need, lot.remaining)
      if (part === 0n) break
      lot.remaining -= part
      lot[fate] += part
      need -= part
      taken.push({ lot, points: part })
    }
    if (need > 0n) throw new Error('the model took more than there is')
    return taken
  }

  private spend(points: bigint, ref: string | null): void {
    this.redeemed += points
    if (ref?.startsWith('reward:')) this.redeemedOnRewards += points
  }

  private openOf = (hold: string): bigint => sum((this.holds.get(hold) ?? []).map(({ open }) => open))

  /** The lots of a hold that still have something, soonest expiry first. */
  private partsOf = (hold: string) =>
    this.holds
      .get(hold)!
      .filter(({ open }) => open > 0n)
      .sort((a, b) => soonestFirst(a.lot, b.lot))

  private count(change: bigint, at: number): void {
    const year = new Date(at).getUTCFullYear()
    if (year > this.year) Object.assign(this, { year, credited: 0n, debited: 0n })
    if (year !== this.year) return
    this.credited += max(0n, change)
    this.debited += max(0n, -change)
  }
}

/** Refusals that are remembered under a key; a mistake in the call is not. */
const DECISIONS = new Set<LoyaltyErrorCode>(['INSUFFICIENT_POINTS', 'ALREADY_AWARDED'])
const MOST = 2n ** 53n - 1n

function invalidFigures(asked: LedgerCommand): LoyaltyErrorCode | null {
  const { verb, command } = asked
  const between = (lowest: bigint) => (value: bigint) => value >= lowest && value <= MOST
  const figures = verb === 'award' ? command.lines.map(({ points }) => points) : []
  const cumulative = verb === 'reverse' ? command.lines.map((line) => line.cumulative) : []
  const single = 'points' in command ? [command.points ?? 1n] : []
  const valid =
    figures.every(between(1n)) &&
    cumulative.every(between(0n)) &&
    single.every(
      verb === 'adjust' ? (value) => value !== 0n && value >= -MOST && value <= MOST : between(1n),
    ) &&
    (verb !== 'award' || command.lines.length > 0)
  return valid ? null : 'INVALID_POINTS'
}

const transferToItself = ({ verb, command }: LedgerCommand): LoyaltyErrorCode | null =>
  verb === 'transfer' &&
  walletName(command.account) === walletName({ ...command.account, holder: command.to })
    ? 'INVALID_IDENTIFIER'
    : null

const soonestFirst = (a: Lot, b: Lot): number =>
  a.expires === b.expires ? a.no - b.no : a.expires - b.expires
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
