import { createClient } from '@redis/client'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { RateLimiter } from '../rest/shared/rate-limiter'
import type { Log } from './log'
import { createLocalRateLimiter, secondsToWait } from './rate-limiter'
import { within } from './within'

/** Longer than a healthy Redis ever takes, and short enough for a till that waits. */
const PATIENCE_MILLIS = 250
/** After a failure Redis is left alone for so long, so that a stalled one does not slow down every call. */
const REST_MILLIS = 2_000

export interface ClosableRateLimiter extends RateLimiter {
  close(): Promise<void>
}

/**
 * Counts in Redis, for all processes that share it, in the same fixed windows as one process does. A limit protects the
 * server and is not worth an outage: while Redis cannot be asked, each process counts for itself, and no call fails.
 */
export function createSharedRateLimiter(url: string, log: Log, windowSeconds = 60): ClosableRateLimiter {
  const local = createLocalRateLimiter(windowSeconds)
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(2_000, 50 * 2 ** retries) },
  })
  const health = new Health(log)
  client.on('error', (error: Error) => health.failed(error))
  client.on('ready', () => health.restored())
  // It keeps trying to connect, until it is closed; the errors on the way are told above.
  client.connect().catch(() => undefined)
  const limiters = new Map<number, RateLimiterRedis>()
  const limiterOf = (perMinute: number): RateLimiterRedis => {
    const known = limiters.get(perMinute)
    if (known) return known
    const limiter = new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: 'loyalty:calls',
      points: perMinute,
      duration: windowSeconds,
    })
    limiters.set(perMinute, limiter)
    return limiter
  }
  return {
    async take(key, perMinute) {
      if (!health.isResting())
        try {
          return await within(PATIENCE_MILLIS, secondsToWait(limiterOf(perMinute), key))
        } catch (error) {
          health.failed(error)
        }
      return local.take(key, perMinute)
    },
    close() {
      client.destroy()
      return Promise.resolve()
    },
  }
}

/** Whether Redis can be asked, told to the log when it changes. Its address holds a password and is not told. */
class Health {
  private restsUntil = 0
  private isBroken = false

  constructor(private readonly log: Log) {}

  isResting(): boolean {
    return Date.now() < this.restsUntil
  }

  failed(error: unknown): void {
    this.restsUntil = Date.now() + REST_MILLIS
    if (this.isBroken) return
    this.isBroken = true
    this.log.warn({ err: error }, 'Redis cannot be asked: calls are counted in this process')
  }

  restored(): void {
    this.restsUntil = 0
    this.isBroken = false
    this.log.info({}, 'Redis answers: calls are counted for all processes')
  }
}
