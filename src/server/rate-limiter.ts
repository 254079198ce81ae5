import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimiter } from '../rest/shared/rate-limiter'

/** Counts in this process, in fixed windows that start with a key's first call. */
export function createLocalRateLimiter(windowSeconds = 60): RateLimiter {
  const limiters = new Map<number, RateLimiterMemory>()
  return {
    async take(key, perMinute) {
      const limiter =
        limiters.get(perMinute) ?? new RateLimiterMemory({ points: perMinute, duration: windowSeconds })
      limiters.set(perMinute, limiter)
      try {
        await limiter.consume(key)
        return 0
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000))
        throw error
      }
    },
  }
}
