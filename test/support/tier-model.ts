import type { DateTime } from 'luxon'

/** A tier as the model knows it: figures in whole points and whole money. Lowest first. */
export interface ModelTier {
  readonly name: string
  readonly lifetimePoints?: number
  readonly periodPoints?: number
  readonly periodSpend?: number
}

export interface ModelWindow {
  readonly months: number | null
  readonly keep: { readonly months: number } | 'year-end' | 'next-year-end' | null
}

export interface ModelMove {
  readonly tier: string
  /** The local day on which it came. */
  readonly day: string
  readonly reason: 'JOINED' | 'REACHED' | 'NO_LONGER_REACHED' | 'PERIOD_ENDED'
}

/** From the beginning of one day to that of another, in milliseconds. */
interface Counting {
  readonly from: number
  readonly end: number
}

/**
 * Tiers by period once more, without a plan: it lives through every single midnight and looks at everything again. What
 * the server plans ahead, carries out late, or shows before it is carried out must come out as this does.
 */
export class TierModel {
  private readonly awards: (Counting & { points: number })[] = []
  private readonly spends: (Counting & { spend: number })[] = []
  private rank = 0
  private on: Counting | null = null
  private readonly history: ModelMove[]

  constructor(
    private readonly tiers: readonly ModelTier[],
    private readonly window: ModelWindow,
    private today: DateTime,
  ) {
    this.history = [{ tier: tiers[0]!.name, day: today.toISODate()!, reason: 'JOINED' }]
  }

  get tier(): string {
    return this.tiers[this.rank]!.name
  }

  /** Lives on until a day. */
  liveUntil(day: DateTime): void {
    while (this.today < day) {
      this.today = this.today.plus({ days: 1 })
      this.look('PERIOD_ENDED')
    }
  }

  /** Answers the award's number. */
  earn(points: number, spend: number): number {
    if (points > 0) this.awards.push({ ...this.counting(), points })
    if (spend > 0) this.spends.push({ ...this.counting(), spend })
    this.look('moved')
    return this.awards.length - 1
  }

  /** All of an award is taken back, and money, off the latest days. */
  takeBack(award: number, spend: number): void {
    this.awards[award]!.points = 0
    let left = spend
    for (let index = this.spends.length - 1; index >= 0; index--) {
      const one = this.spends[index]!
      const part = Math.min(left, one.spend)
      one.spend -= part
      left -= part
    }
    this.look('moved')
  }

  counted(day = this.today.toMillis()): { readonly points: number; readonly spend: number } {
    const counts = ({ from, end }: Counting) => from <= day && day < end
    return {
      points: sum(this.awards.filter(counts).map(({ points }) => points)),
      spend: sum(this.spends.filter(counts).map(({ spend }) => spend)),
    }
  }

  /** Points to the next tier, and money; null where the tier asks for none, undefined at the top. */
  missing(): { readonly points: number | null; readonly spend: number | null } | undefined {
    const next = this.tiers[this.rank + 1]
    if (!next) return undefined
    const { points, spend } = this.counted()
    const ways = [
      ...(next.lifetimePoints === undefined ? [] : [next.lifetimePoints - this.lifetime()]),
      ...(next.periodPoints === undefined ? [] : [next.periodPoints - points]),
    ]
    return {
      points: ways.length === 0 ? null : Math.max(0, Math.min(...ways)),
      spend: next.periodSpend === undefined ? null : Math.max(0, next.periodSpend - spend),
    }
  }

  /** The latest first. */
  historyBackwards(): readonly ModelMove[] {
    return this.history.map((_, index) => this.history[this.history.length - 1 - index]!)
  }

  private look(cause: 'moved' | 'PERIOD_ENDED'): void {
    const before = this.rank
    const reached = this.reachedOn(this.today.toMillis())
    if (reached > this.rank || !this.isKept()) {
      this.rank = reached
      this.on = { from: this.today.toMillis(), end: this.keptUntil() }
    }
    if (this.rank === before) return
    const reason = cause === 'PERIOD_ENDED' ? cause : this.rank > before ? 'REACHED' : 'NO_LONGER_REACHED'
    this.history.push({ tier: this.tier, day: this.today.toISODate()!, reason })
  }

  private isKept(): boolean {
    const { on } = this
    return on !== null && this.today.toMillis() < on.end && this.reachedOn(on.from) >= this.rank
  }

  private keptUntil(): number {
    const { keep } = this.window
    if (keep === null) return this.today.toMillis()
    const year = this.today.startOf('year')
    if (keep === 'year-end') return year.plus({ years: 1 }).toMillis()
    return (keep === 'next-year-end' ? year.plus({ years: 2 }) : this.today.plus(keep)).toMillis()
  }

  private reachedOn(day: number): number {
    const { points, spend } = this.counted(day)
    const reached = this.tiers.map(
      ({ lifetimePoints, periodPoints, periodSpend }) =>
        (lifetimePoints !== undefined && this.lifetime() >= lifetimePoints) ||
        (periodPoints !== undefined && points >= periodPoints) ||
        (periodSpend !== undefined && spend >= periodSpend),
    )
    return Math.max(0, reached.lastIndexOf(true))
  }

  private lifetime(): number {
    return sum(this.awards.map(({ points }) => points))
  }

  private counting(): Counting {
    const { months } = this.window
    const end = months === null ? this.today.startOf('year').plus({ years: 1 }) : this.today.plus({ months })
    return { from: this.today.toMillis(), end: end.toMillis() }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
