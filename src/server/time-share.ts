/** Time for something that must not have more than its share of a thread. */
export class TimeShare {
  private leftMs: number
  private at = 0

  constructor(
    private readonly share: number,
    /** What was not used is kept up to this. */
    private readonly mostMs: number,
  ) {
    this.leftMs = mostMs
  }

  isLeft(now: number): boolean {
    this.leftMs = Math.min(this.mostMs, this.leftMs + (now - this.at) * this.share)
    this.at = now
    return this.leftMs > 0
  }

  spend(millis: number): void {
    this.leftMs -= millis
  }
}
