import type { Json } from '../../domain/shared/json'
import type { Call } from './call'
import { CapillaryRefusal, item } from './errors'

/** Calls a minute per credential, by operation as `POST /v2/transactions`; names in the path do not matter. */
export type RateLimits = ReadonlyMap<string, number>

const SINGLE = 'POST /v2/transactions'
const BULK = 'POST /v2/transactions/bulk'
const figures = (single: number, bulk: number): Readonly<Record<string, number>> => ({
  [SINGLE]: single,
  [BULK]: bulk,
})

/** What is published (section 4), by the region of the organization; no figures are published for the others. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'asia-1': figures(1500, 700),
  'asia-2': figures(1500, 1200),
  eu: figures(700, 300),
}

/** Demo clusters count every operation. */
const OF_DEMO = 100
const ANY = '*'

/** The limits of an organization: its region's figures, and its own in their place. 0 lifts a limit. Pure. */
export function rateLimitsOf(
  region: Json | undefined,
  own: Readonly<Record<string, Json | undefined>>,
): RateLimits {
  const published = typeof region === 'string' ? (PUBLISHED[region] ?? {}) : {}
  const said = Object.entries(own).flatMap(([name, limit]): [string, number][] =>
    typeof limit === 'number' ? [[operationName(name), limit]] : [],
  )
  return new Map([
    ...(region === 'demo' ? [[ANY, OF_DEMO] as const] : []),
    ...Object.entries(published),
    ...said,
  ])
}

/** `GET /v2/transactions/{id}` and `GET /v2/transactions/:id` are one operation. */
const operationName = (said: string): string => said.trim().replace(/\{[^}]*\}|:[A-Za-z]+/g, '{}')

/** Counts a call of a credential. Throws CapillaryRefusal (429 with Retry-After) when it is one too many in its minute. */
export async function assertWithinLimit(
  { deps, signIn }: Pick<Call, 'deps' | 'signIn'>,
  route: { readonly method: string; readonly path: string },
): Promise<void> {
  const { caller, settings } = signIn
  const name = operationName(`${route.method} ${route.path}`)
  const limit = settings.rateLimits.get(name) ?? settings.rateLimits.get(ANY) ?? 0
  if (limit === 0) return
  const seconds = await deps.limiter.take(`${caller.tenant.id}/${caller.actor}/${name}`, limit)
  if (seconds > 0)
    throw new CapillaryRefusal(429, [item(429, `Too many calls: ${limit} a minute are allowed.`)], {
      'Retry-After': String(seconds),
    })
}
