import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimiter } from '../rest/shared/rate-limiter'

/** Counts in this process, in fixed windows that start with a key's first call. */
export function createLocalRateLimiter(windowSeconds = 60): RateLimiter {
  const limiters = new Map<number, RateLimiterMemory>()
  return {
    take(key, perMinute) {
      const limiter =
        limiters.get(perMinute) ?? new RateLimiterMemory({ points: perMinute, duration: windowSeconds })
      limiters.set(perMinute, limiter)
      return secondsToWait(limiter, key)
    },
  }
}

/** Counts a call; answers after how many seconds to try again, 0 for go on. Throws when it could not be counted. */
export async function secondsToWait(limiter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await limiter.consume(key)
    return 0
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000))
    throw error
  }
}
