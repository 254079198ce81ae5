import { annexEndpoints } from '../../src/rest/annex/endpoints'
import { capillaryEndpoints } from '../../src/rest/capillary/endpoints'
import type { Route } from '../../src/rest/shared/route'
import { partsOf, routeTable } from '../../src/server/route-table'
import { annexHeaders, annexToken } from '../support/annex-client'
import { basic } from '../support/capillary-client'
import { type Good, goodCalls, requestOf } from '../support/good-calls'
import type { VendorName } from '../support/pinned-contract'
import { ADMIN_KEY } from '../support/test-app'
import { HERON, IBIS, type Made, privateOf, SAME, type TwinWorld } from '../support/twin-world'

/** A route of a vendor's door with a call of it that is accepted. */
export interface DoorRoute {
  readonly vendor: VendorName
  readonly name: string
  /** Null: nobody knows how to call it; test/support/good-calls.ts is where to write it. */
  readonly good: Good | null
}

/** Paths that anybody may see, and those behind which a door asks for a sign-in. Any other path fails the test. */
export const PUBLIC_PATHS: readonly string[] = [
  ...['/healthz', '/readyz', '/metrics', '/openapi/annex.json', '/openapi/capillary.json'],
  // The page for people, and what it is made of.
  ...['/docs', '/', '/docs/parity', '/docs/differences', '/parity', '/differences'],
  ...['/swagger-ui.css', '/swagger-ui-bundle.js', '/swagger-ui-standalone-preset.js', '/page.css'],
  // Development only.
  ...['/graphiql', '/graphiql.css', '/graphiql.js', '/react.js', '/react-dom.js', '/start.js'],
  ...['/graphql', '/stream', '/graphql/stream', '/.vendors/annex', '/.vendors/capillary', '/.vendors/admin'],
]

/** What stands for a name in a path. */
const IN_PATH: Readonly<Record<string, (made: Made) => string>> = {
  memberId: () => HERON.annexId,
  orderId: () => SAME.order,
  userId: () => String(HERON.customerId),
  billNumber: () => SAME.bill,
  id: ({ transactionId }) => transactionId,
  transactionId: ({ transactionId }) => transactionId,
}

/** Every route of both vendors' doors, from the tables that the server is made of. */
export function doorRoutes(made: Made): readonly DoorRoute[] {
  const routes = (endpoints: readonly Pick<Route, 'method' | 'path'>[], prefix = '') =>
    endpoints.map(({ method, path }) => ({ method, path: prefix + path }) as Route)
  return [
    ...routesOf('annex', routes(annexEndpoints, '/api/3.0'), made),
    ...routesOf('capillary', routes(capillaryEndpoints), made),
  ]
}

function routesOf(vendor: VendorName, routes: readonly Route[], made: Made): readonly DoorRoute[] {
  const find = routeTable(routes)
  const calls = goodCalls(vendor, 9_000, made).map((good) => ({ good, match: find(good.method, good.path) }))
  return routes.map((route) => {
    const { method, path } = route
    const known = calls.find(({ match }) => match.kind === 'route' && match.route === route)?.good
    return {
      vendor,
      name: `${method} ${path}`,
      good: known ?? (method === 'GET' ? readOf(vendor, path, made) : null),
    }
  })
}

function readOf(vendor: VendorName, path: string, made: Made): Good | null {
  const parts = partsOf(path).map((part) => (part.startsWith(':') ? IN_PATH[part.slice(1)]?.(made) : part))
  if (parts.includes(undefined)) return null
  const query: Record<string, string> = path.includes(':')
    ? {}
    : { identifierName: 'mobile', identifierValue: HERON.mobile, source: 'INSTORE' }
  return { vendor, method: 'GET', path: parts as string[], query, body: undefined }
}

export interface DoorCaller {
  readonly name: string
  readonly is: 'nobody' | 'owner' | 'stranger'
  readonly headers: Readonly<Record<string, string>>
}

/** Everybody who might call a route about what belongs to HERON. */
export function doorCallers({ vendor, good }: DoorRoute, capillaryToken: string): readonly DoorCaller[] {
  if (!good) return []
  return vendor === 'annex' ? annexCallers(good, capillaryToken) : tillCallers(good, capillaryToken)
}

function annexCallers(good: Good, capillaryToken: string): readonly DoorCaller[] {
  const content = good.body === undefined ? JSON.stringify(good.path.at(-1)) : JSON.stringify(good.body)
  const past = Math.floor(Date.now() / 1000) - 3_600
  const { site } = HERON
  const nobody = (name: string, authorization: string | undefined, siteId = site.siteId): DoorCaller => ({
    name,
    is: 'nobody',
    headers: { ...(authorization ? { authorization } : {}), 'x-annexcloud-site': siteId },
  })
  const bearer = (twist: Parameters<typeof annexToken>[2], of = site) =>
    `Bearer ${annexToken(of, content, twist)}`
  return [
    nobody('without a token', undefined),
    nobody('with nonsense', 'Bearer a.b.c'),
    nobody('with another secret', bearer({ secret: 'no such secret' })),
    nobody('with a token that has expired', bearer({ claims: { exp: past } })),
    nobody('with a token of other content', bearer({ payload: 'other content' })),
    nobody('with a token without algorithm', bearer({ header: { alg: 'none', typ: 'JWT' } })),
    nobody("with the other tenant's token and this site", bearer({}, IBIS.site)),
    nobody("with the other tenant's secret under this site", bearer({ secret: IBIS.site.secret })),
    nobody('with a key of the graph', `Bearer ${HERON.apiKeys.admin}`),
    nobody('with a password of the Capillary door', basic(HERON.till)),
    nobody('with a token of the Capillary door', `Bearer ${capillaryToken}`),
    nobody('with the key of the admin door', `Bearer ${ADMIN_KEY}`),
    { name: 'as the owner', is: 'owner', headers: annexHeaders(site, annexToken(site, content)) },
    {
      name: 'as the other tenant',
      is: 'stranger',
      headers: annexHeaders(IBIS.site, annexToken(IBIS.site, content)),
    },
  ]
}

function tillCallers(good: Good, capillaryToken: string): readonly DoorCaller[] {
  const nobody = (name: string, headers: Readonly<Record<string, string>>): DoorCaller => ({
    name,
    is: 'nobody',
    headers,
  })
  const basicOf = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  })
  const [head = '', , signature = ''] = capillaryToken.split('.')
  const forged = Buffer.from(
    JSON.stringify({
      iss: 'loyalty',
      client_id: IBIS.oauth.key,
      org_id: IBIS.orgId,
      exp: 9e9,
      token_use: 'access',
    }),
  )
  const annex = annexToken(HERON.site, JSON.stringify(good.path.at(-1)))
  return [
    nobody('without a password', {}),
    nobody('with nonsense', { authorization: 'Basic !' }),
    nobody('with another password', basicOf(HERON.till.code, '0'.repeat(32))),
    nobody('with the clear password', basicOf(HERON.till.code, HERON.till.password)),
    nobody('with a till that is none', { authorization: basic({ code: 'no.till', password: 'x' }) }),
    nobody("with the other tenant's password", {
      authorization: basic({ ...HERON.till, password: IBIS.till.password }),
    }),
    nobody('with a token of other claims', {
      'x-cap-api-oauth-token': `${head}.${forged.toString('base64url')}.${signature}`,
    }),
    nobody('with an unsigned token', {
      'x-cap-api-oauth-token': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged.toString('base64url')}.`,
    }),
    nobody('with a token of the Annex door', { 'x-cap-api-oauth-token': annex }),
    nobody('with a key of the graph', { authorization: `Bearer ${HERON.apiKeys.admin}` }),
    nobody('with the key of the admin door', { authorization: `Bearer ${ADMIN_KEY}` }),
    { name: 'as the owner', is: 'owner', headers: { authorization: basic(HERON.till) } },
    { name: 'as the owner by token', is: 'owner', headers: { 'x-cap-api-oauth-token': capillaryToken } },
    { name: 'as the other tenant', is: 'stranger', headers: { authorization: basic(IBIS.till) } },
  ]
}

/** What an answer shows that it must not, or null. The owner's calls are made elsewhere in earnest: here they only read. */
export async function doorFault(
  world: TwinWorld,
  { good, vendor }: DoorRoute,
  caller: DoorCaller,
): Promise<string | null> {
  if (!good || (caller.is === 'owner' && good.method !== 'GET')) return null
  const request = requestOf(good, HERON)
  const { authorization: _signed, ...plain } = request.headers ?? {}
  const answer = await world.send({ ...request, headers: { ...plain, ...caller.headers } })
  const asked = `${decodeURIComponent(request.url)}${String(request.body ?? '')}`
  const told = (secrets: readonly string[]) =>
    secrets.find((secret) => answer.payload.includes(secret) && !asked.includes(secret))
  if (answer.statusCode >= 500) return `answered ${answer.statusCode}`
  if (caller.is === 'nobody') {
    const code = vendor === 'annex' ? 'AC1002' : '401'
    if (answer.statusCode !== 401 || !answer.payload.includes(code)) return `was let in: ${answer.statusCode}`
    const leaked = told([...privateOf(HERON), ...privateOf(IBIS)])
    return leaked ? `was told ${leaked}` : null
  }
  if (caller.is === 'owner' && answer.statusCode !== 200) return `was refused: ${answer.payload}`
  const leaked = told(privateOf(caller.is === 'owner' ? IBIS : HERON))
  return leaked ? `was told ${leaked}` : null
}
