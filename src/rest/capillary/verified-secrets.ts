import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../domain/shared/clock'
import { hashSecret, verifySecret } from '../../domain/shared/secret-hash'

const LIFETIME_MILLIS = 60_000
const CAPACITY = 500

interface Verdict {
  readonly storedHash: string
  readonly until: number
  readonly verified: Promise<boolean>
}

/**
 * Slow hashes are for whoever steals the table, not for every request: a secret that was verified is remembered for a
 * minute, under an HMAC with a key that only this process has, and only as long as the stored hash stays the same.
 */
export class VerifiedSecrets {
  private readonly known = new Map<string, Verdict>()
  private readonly key = randomBytes(32)
  private decoy: Promise<string> | null = null

  constructor(private readonly clock: Clock) {}

  /** Whether the secret of this credential has the stored hash; null, for a credential that does not exist, takes as long. */
  async verify(credential: string, secret: string, storedHash: string | null): Promise<boolean> {
    if (storedHash === null) return (await verifySecret(secret, await this.decoyHash())) && false
    const id = createHmac('sha256', this.key)
      .update(JSON.stringify([credential, secret]))
      .digest('base64')
    const known = this.known.get(id)
    if (known && known.storedHash === storedHash && known.until > this.clock.now()) return known.verified
    return this.remember(id, secret, storedHash)
  }

  private async remember(id: string, secret: string, storedHash: string): Promise<boolean> {
    const verified = verifySecret(secret, storedHash)
    this.known.delete(id)
    this.known.set(id, { storedHash, until: this.clock.now() + LIFETIME_MILLIS, verified })
    this.forgetOldest()
    if (!(await verified)) this.known.delete(id)
    return verified
  }

  private forgetOldest(): void {
    const [oldest] = this.known.keys()
    if (this.known.size > CAPACITY && oldest !== undefined) this.known.delete(oldest)
  }

  private decoyHash(): Promise<string> {
    return (this.decoy ??= hashSecret(randomBytes(16).toString('hex')))
  }
}
