import { createHash } from 'node:crypto'
import type { Caller } from '../programs/caller'
import { InvalidIdempotencyKey } from './errors'
import type { AccountKey, Idempotency } from './ledger'

const MAX_KEY_LENGTH = 255

/** What a caller asks of one wallet, under the name it gave the request. */
export interface KeyedRequest {
  readonly caller: Caller
  /** The use case, in kebab case. */
  readonly operation: string
  /** 1 to 255 characters, or null when the caller gave none. */
  readonly key: string | null
  readonly account: AccountKey
  /** Everything that makes it this request and not another, in a fixed order. */
  readonly facts: readonly (string | null)[]
}

/**
 * The idempotency of a request: keys of two credentials never meet, and the hash covers the wallet, so that nobody is
 * given another account's answer. Null without a key. Throws InvalidIdempotencyKey. Source: `ledger.md` section 2.5.
 */
export function idempotencyOf({ caller, operation, key, account, facts }: KeyedRequest): Idempotency | null {
  if (key === null) return null
  assertKey(key)
  const { holder, programId, currency } = account
  const canonical = JSON.stringify([
    operation,
    account.tenantId,
    holder.kind,
    holder.id,
    programId,
    currency,
    ...facts,
  ])
  return {
    scope: `${caller.actor}/${operation}`,
    key,
    requestHash: createHash('sha256').update(canonical).digest('hex'),
  }
}

/** Throws InvalidIdempotencyKey unless a caller's name for a request is 1 to 255 characters that can be stored. */
export function assertKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH || key.includes('\0')) throw new InvalidIdempotencyKey()
}
