/** Counts calls. In one process by default; behind the same face they can be counted for all. */
export interface RateLimiter {
  /** Counts a call under a key, of which so many are allowed a minute; answers after how many seconds to try again, 0 for go on. */
  take(key: string, perMinute: number): Promise<number>
}
