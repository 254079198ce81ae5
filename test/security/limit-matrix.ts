import type { FastifyInstance } from 'fastify'
import { CAPILLARY_OPERATIONS } from '../../src/setup/capillary-config'
import { annexHeaders, annexToken } from '../support/annex-client'
import { basic } from '../support/capillary-client'
import { type Good, requestOf } from '../support/good-calls'
import { HERON, IBIS, privateOf, TWIN_SETUP, type Twin } from '../support/twin-world'
import type { DoorRoute } from './door-matrix'

/** One wrong sign-in from an address, and it is not listened to there. */
export const ONE_GUESS = { SIGN_IN_ATTEMPTS: '1' }

/** The other tenant may call every operation of the Capillary door once a minute. */
export const ONE_CALL_EACH = {
  version: 1,
  tenants: TWIN_SETUP.tenants
    .filter(({ key }) => key === IBIS.key)
    .map((tenant) => ({
      ...tenant,
      capillary: {
        ...tenant.capillary,
        rateLimits: Object.fromEntries(CAPILLARY_OPERATIONS.map((name) => [name, 1])),
      },
    })),
}

interface Caller {
  readonly as: Twin
  readonly from: string
  readonly wrong?: boolean
}

/** How many cells of a route were tried, and what was wrong with them. */
export interface Tried {
  readonly cells: number
  readonly faults: readonly string[]
}

/** Whoever guesses at a route is told 429 there, right or wrong, and nobody else is, the owner of the credential neither. */
export async function guessFaults(server: FastifyInstance, { good }: DoorRoute, no: number): Promise<Tried> {
  if (!good) return { cells: 0, faults: ['nobody knows how to call it'] }
  const from = `10.7.${no >> 8}.${no & 255}`
  const first = await call(server, good, { as: HERON, from, wrong: true })
  const again = await call(server, good, { as: HERON, from, wrong: true })
  const right = await call(server, good, { as: HERON, from })
  const faults = [
    ...(first.status === 401 ? [] : [`a guess was answered ${first.status}`]),
    ...tooMany('a second guess', again),
    ...tooMany('the right credential after a guess', right),
  ]
  // Elsewhere it is let in; what would change something is not done.
  if (good.method !== 'GET') return { cells: 3, faults }
  const elsewhere = await call(server, good, { as: HERON, from: '10.8.0.1' })
  return {
    cells: 4,
    faults: [...faults, ...(elsewhere.status === 200 ? [] : [`the owner was answered ${elsewhere.status}`])],
  }
}

/** The second call in a minute is one too many, of this operation and this tenant only. */
export async function rateFaults(server: FastifyInstance, { good }: DoorRoute): Promise<Tried> {
  if (!good) return { cells: 0, faults: ['nobody knows how to call it'] }
  const first = await call(server, good, { as: IBIS, from: '10.9.0.1' })
  const second = await call(server, good, { as: IBIS, from: '10.9.0.2' })
  const faults = [
    ...(first.status === 429 || first.status >= 500 ? [`the first call was answered ${first.status}`] : []),
    ...tooMany('a second call', second),
  ]
  if (good.method !== 'GET') return { cells: 2, faults }
  const other = await call(server, good, { as: HERON, from: '10.9.0.1' })
  return {
    cells: 3,
    faults: [...faults, ...(other.status === 200 ? [] : [`the other tenant was answered ${other.status}`])],
  }
}

interface Answer {
  readonly status: number
  readonly retryAfter: number
  readonly text: string
}

async function call(server: FastifyInstance, good: Good, { as, from, wrong }: Caller): Promise<Answer> {
  const { method, url, headers, body } = requestOf(good, as)
  const content = good.body === undefined ? JSON.stringify(good.path.at(-1)) : JSON.stringify(good.body)
  const guess =
    good.vendor === 'annex'
      ? annexHeaders(as.site, annexToken(as.site, content, { secret: 'no such secret' }))
      : { authorization: basic({ ...as.till, password: 'no such password' }) }
  const answer = await server.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, ...(wrong ? guess : {}) },
    remoteAddress: from,
    ...(body === undefined ? {} : { payload: body }),
  })
  return {
    status: answer.statusCode,
    retryAfter: Number(answer.headers['retry-after']),
    text: answer.payload,
  }
}

function tooMany(what: string, { status, retryAfter, text }: Answer): string[] {
  const told = [...privateOf(HERON), ...privateOf(IBIS)].find((secret) => text.includes(secret))
  if (told !== undefined) return [`${what} was told ${told}`]
  if (status !== 429) return [`${what} was answered ${status}`]
  return retryAfter >= 1 && retryAfter <= 60 ? [] : [`${what} was told to wait ${retryAfter} s`]
}
