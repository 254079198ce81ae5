import { createHash } from 'node:crypto'
import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { Stores } from '../stores'
import { IdempotencyKeyReused } from './errors'
import { assertKey } from './request-key'

/** What leads to an answer again: ids and figures, as text. */
export type KeptAnswer = Readonly<Record<string, string | null>>

/** A request under the name that its caller gave it. */
export interface NamedRequest<Answer, Kept extends KeptAnswer> {
  readonly caller: Caller
  /** The use case, in kebab case. */
  readonly operation: string
  /** 1 to 255 characters; null: every call is done anew. */
  readonly key: string | null
  /** Everything that makes it this request and not another. */
  readonly facts: unknown
  /** What of the answer leads to it again, and the answer that it leads to. */
  readonly keep: (answer: Answer) => Kept
  readonly again: (stores: Stores, kept: Kept) => Promise<Answer>
}

/**
 * Does a use case once for each name that a caller gives: sent again, it answers what the first call did. In one unit
 * of work with what was done, so that neither is there without the other. A refusal is not remembered: nothing was
 * done, and it is decided anew.
 *
 * Throws InvalidIdempotencyKey, IdempotencyKeyReused (the name is of another request), and what the work throws.
 * Source: `ledger.md` section 2.5.
 */
export async function once<Answer, Kept extends KeptAnswer>(
  deps: LoyaltyDeps,
  { caller, operation, key, facts, keep, again }: NamedRequest<Answer, Kept>,
  work: (deps: LoyaltyDeps) => Promise<Answer>,
): Promise<Answer> {
  if (key === null) return work(deps)
  assertKey(key)
  const { tenant, actor } = caller
  const hash = createHash('sha256')
    .update(JSON.stringify([operation, facts]))
    .digest('hex')
  const scope = `${actor}/${operation}`
  return deps.unitOfWork.run(async (stores) => {
    const done = await stores.requests.claim(tenant.id, scope, key)
    if (done && done.hash !== hash) throw new IdempotencyKeyReused(key)
    if (done) return again(stores, done.answer as Kept)
    const inside = { ...deps.unitOfWork, run: <T>(inner: (own: Stores) => Promise<T>) => inner(stores) }
    const answer = await work({ ...deps, unitOfWork: inside })
    await stores.requests.add(tenant.id, scope, key, { hash, answer: keep(answer) })
    return answer
  })
}
