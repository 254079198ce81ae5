import type { HttpReply, HttpRequest, Route } from '../shared/route'
import { isJsonMap } from '../shared/json'
import { type AuthDeps, tokenFor } from './auth'
import { jsonBody, reply } from './call'
import { CapillaryRefusal, item, type StatusItem } from './errors'
import { text } from './lenient'

/** Exchanges a key and a secret for an access token (section 2). There is no refresh token: a client asks again. */
export const generateToken = (deps: AuthDeps): Route => ({
  method: 'POST',
  path: '/v3/oauth/token/generate',
  operation: 'capillary.generateToken',
  async handle(request) {
    try {
      return await exchange(deps, request)
    } catch (error) {
      if (error instanceof CapillaryRefusal) return refused(request, error.status, error.errors)
      throw error
    }
  },
})

async function exchange(deps: AuthDeps, request: HttpRequest): Promise<HttpReply> {
  const sent = jsonBody(request)
  const said = (name: string) => (isJsonMap(sent) ? text(sent[name]) : undefined)
  const [key, secret] = [said('key'), said('secret')]
  if (typeof key !== 'string' || typeof secret !== 'string')
    return refused(request, 400, [item(403, 'key and secret are mandatory.')])
  const issued = await tokenFor(deps, key, secret)
  if (!issued) return refused(request, 401, [item(401, 'The key or the secret is not valid.')])
  const { accessToken, client, settings } = issued
  const body = { data: { accessToken, ttlSeconds: client.ttlSeconds }, errors: null }
  return reply(request, { status: 200, body }, { orgId: settings.orgId, till: client.tillCode })
}

const refused = (request: HttpRequest, status: number, errors: readonly StatusItem[]): HttpReply =>
  reply(request, { status, body: { data: null, errors } }, undefined)
