import type DataLoader from 'dataloader'
import type { LoyaltyDeps } from '../../domain/loyalty'
import type { UnitOfWork } from '../../domain/stores'
import type { Context, LoaderScope } from './context'

export const DRY_RUN =
  'True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered.'

export const IDEMPOTENCY_KEY =
  'Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused.'

/** Where no wallet remembers: a refusal is decided anew. */
export const KEY_OF_A_PURCHASE = `${IDEMPOTENCY_KEY} A refusal is not remembered.`

type AnyLoader = DataLoader<never, unknown, unknown>

/** Reads one thing where it was just made, and shows it to the rest of the request. */
export type Show<Loaders> = <Name extends keyof Loaders>(
  loader: Name,
  key: Loaders[Name] extends DataLoader<infer Key, unknown, infer _Cache> ? Key : never,
) => Promise<void>

export interface Performance<Answer, Loaders> {
  /** The use case, on the units of work that it is given. */
  readonly work: (loyalty: LoyaltyDeps) => Promise<Answer>
  readonly dryRun: boolean
  /** What of a rehearsal the payload's fields will ask for: afterwards it is gone. */
  readonly look: (show: Show<Loaders>, answer: Answer) => Promise<void>
  /** The subgraph's own loaders. */
  readonly loadersOn: (scope: LoaderScope) => Loaders
}

/**
 * Carries out a use case, or rehearses it: the same code in a transaction that is rolled back, after the payload has
 * had its look at it.
 */
export async function perform<Answer, Loaders extends object>(
  { loyalty, caller, loaders }: Context<Loaders>,
  { work, dryRun, look, loadersOn }: Performance<Answer, Loaders>,
): Promise<Answer> {
  if (!dryRun) return work(loyalty)
  return loyalty.unitOfWork.rehearse(async (stores) => {
    const inside = <T>(inner: (rehearsed: typeof stores) => Promise<T>) => inner(stores)
    const unitOfWork = { run: inside, atOnce: inside, rehearse: nested }
    const answer = await work({ ...loyalty, unitOfWork })
    const loadersInside = loadersOn({ caller, stores })
    await look(async (name, key) => {
      const value = await (loadersInside[name] as AnyLoader).load(key as never)
      const outside = loaders[name] as AnyLoader
      outside.clear(key as never).prime(key as never, value)
    }, answer)
    return answer
  })
}

const nested: UnitOfWork['rehearse'] = () =>
  Promise.reject(new Error('a rehearsal takes place in no other rehearsal'))
