import { createHash } from 'node:crypto'
import type { HttpRequest } from '../rest/shared/route'

/** How many wrong sign-ins are answered, within a minute that begins with the first. */
export interface GuessLimits {
  readonly perCredential: number
  /** Of all credentials that one address tries. */
  readonly perAddress: number
}

/** Ten may be a person's mistakes; who tries ten credentials ten times each is no person. 0 never stops anybody. */
export const guessLimits = (perCredential: number): GuessLimits => ({
  perCredential,
  perAddress: perCredential * 10,
})

const WINDOW_MILLIS = 60_000
const MOST_REMEMBERED = 10_000

interface Count {
  wrong: number
  readonly since: number
}

/**
 * Wrong sign-ins of a door, by credential and address: a stranger who guesses locks out himself, not the till that has
 * the same credential at another address. Counted in this process.
 */
export class Guesses {
  private readonly counts = new Map<string, Count>()
  /** From when on nobody waits, unless somebody guesses wrong before. */
  private quietFrom = -Infinity

  constructor(
    private readonly limits: GuessLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** After how many seconds this caller is listened to again; 0: now. */
  secondsToWait(door: string, request: GuessedRequest): number {
    // Nearly always nobody has guessed.
    if (this.limits.perCredential === 0 || this.now() >= this.quietFrom) return 0
    const waits = this.keysOf(door, request).map(([key, most]) => this.waitOf(key, most))
    return Math.ceil(Math.max(0, ...waits) / 1_000)
  }

  /** Tells that a request was not who it said it was. */
  wrong(door: string, request: GuessedRequest): void {
    if (this.limits.perCredential === 0) return
    this.quietFrom = this.now() + WINDOW_MILLIS
    for (const [key] of this.keysOf(door, request)) {
      const count = this.fresh(key)
      if (count) count.wrong++
      else this.remember(key)
    }
  }

  private keysOf(
    door: string,
    { ip, headers, path }: GuessedRequest,
  ): readonly (readonly [string, number])[] {
    const { perCredential, perAddress } = this.limits
    const authorization = headers['authorization']
    // Who brings no credentials guesses nothing, unless in the body of a call that gives a token for it.
    if (authorization === undefined) return [[nameOf(door, ip, path), perCredential]]
    const credential = userOf(authorization) ?? headers['x-annexcloud-site'] ?? ''
    return [
      [nameOf(door, ip, 'credential', credential), perCredential],
      [nameOf(door, ip), perAddress],
    ]
  }

  private waitOf(key: string, most: number): number {
    const count = this.fresh(key)
    return count && count.wrong >= most ? count.since + WINDOW_MILLIS - this.now() : 0
  }

  private fresh(key: string): Count | undefined {
    const count = this.counts.get(key)
    return count && this.now() - count.since < WINDOW_MILLIS ? count : undefined
  }

  private remember(key: string): void {
    // Last, so that the first is always the oldest.
    this.counts.delete(key)
    this.counts.set(key, { wrong: 1, since: this.now() })
    const [oldest] = this.counts.keys()
    if (this.counts.size > MOST_REMEMBERED && oldest !== undefined) this.counts.delete(oldest)
  }
}

type GuessedRequest = Pick<HttpRequest, 'ip' | 'headers' | 'path'>

/** Of one length, whatever a caller sends. */
const nameOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64')

/** The user of HTTP Basic. */
function userOf(authorization: string): string | undefined {
  const [, encoded] = /^Basic\s+(\S+)/i.exec(authorization) ?? []
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]
}
