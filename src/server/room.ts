export interface RoomLimits {
  /** So many requests are worked on at a time, however long they take … */
  readonly least: number
  /** … and up to so many … */
  readonly most: number
  /** … while they are done within this time on average, in milliseconds. */
  readonly promptMs: number
}

/**
 * How many may be at work, found by how long they take while as many are: it grows by steps while they are prompt, and
 * falls by a fifth when they are not. What a request costs need not be known for it.
 */
export class Room {
  private places: number
  private seen = 0
  private sumMs = 0

  constructor(private readonly limits: RoomLimits) {
    this.places = limits.least
  }

  get size(): number {
    return this.places
  }

  /** A request took so long while all places were taken. */
  learn(tookMs: number): void {
    const { least, most, promptMs } = this.limits
    // One that takes half a minute says little of the others.
    this.sumMs += Math.min(tookMs, promptMs * 4)
    if (++this.seen < this.places) return
    this.places =
      this.sumMs / this.seen <= promptMs
        ? Math.min(most, this.places + Math.ceil(least / 4))
        : Math.max(least, Math.floor(this.places * 0.8))
    this.seen = 0
    this.sumMs = 0
  }
}
