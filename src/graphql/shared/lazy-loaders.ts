import type { LoaderScope } from './context'

/** Loaders that belong together, made at once. */
export type LoaderGroup<Loaders extends object = object> = (scope: LoaderScope) => Loaders

/** Makes a request's loaders, and tells which groups they are of. */
export interface LoaderMaker<Loaders extends object = object> {
  (scope: LoaderScope): Loaders
  readonly groups: readonly LoaderGroup[]
}

type Joined<Groups extends readonly LoaderGroup[]> = UnionToIntersection<ReturnType<Groups[number]>>
type UnionToIntersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All extends object,
) => void
  ? All
  : never

/**
 * The loaders of some groups, each group made when one of its loaders is first asked for: a request needs few of them,
 * and making all of them was a good part of a small request's work. Where two groups name a loader alike, it is the same
 * one, so either is as good.
 */
export function lazily<const Groups extends readonly LoaderGroup[]>(
  listed: Groups,
): LoaderMaker<Joined<Groups>> {
  const groups = [...new Set<LoaderGroup>(listed)]
  let Loaders: ReturnType<typeof classOf> | null = null
  // What a group has is seen when it is first made.
  const make = (scope: LoaderScope) => new (Loaders ??= classOf(groups, scope))(scope) as Joined<Groups>
  return Object.assign(make, { groups })
}

function classOf(groups: readonly LoaderGroup[], example: LoaderScope): new (scope: LoaderScope) => object {
  class Loaders {
    readonly #scope: LoaderScope
    readonly #made: Record<string, unknown>[] = []

    constructor(scope: LoaderScope) {
      this.#scope = scope
    }

    static of(loaders: Loaders, place: number): Record<string, unknown> {
      return (loaders.#made[place] ??= groups[place]?.(loaders.#scope) as Record<string, unknown>)
    }
  }
  for (const [place, group] of groups.entries())
    for (const name of Object.keys(group(example)))
      Object.defineProperty(Loaders.prototype, name, {
        // Where two groups name a loader alike.
        configurable: true,
        get(this: Loaders): unknown {
          return Loaders.of(this, place)[name]
        },
      })
  return Loaders
}
