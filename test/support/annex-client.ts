import { createHmac } from 'node:crypto'
import type { DoorRequest } from './door-world'

/** A site as its client knows it. */
export interface Site {
  readonly siteId: string
  readonly secret: string
}

/** What a token says instead of what it should. */
export interface TokenTwist {
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  /** Signs the content with another text, or the token with another secret. */
  readonly payload?: string | Buffer
  readonly secret?: string
  readonly padded?: boolean
}

/** The vendor's recipe (contract, section 3): what an integrator's client computes for one request. */
export function annexToken(
  { siteId, secret }: Site,
  payload: string | Buffer,
  twist: TokenTwist = {},
): string {
  const key = twist.secret ?? secret
  const hmac = createHmac('sha256', key)
    .update(Buffer.from(twist.payload ?? payload).toString('base64'))
    .digest('base64')
  const encode = (value: object): string => {
    const text = Buffer.from(JSON.stringify(value)).toString(twist.padded ? 'base64' : 'base64url')
    return text.replaceAll('+', '-').replaceAll('/', '_')
  }
  const header = encode(twist.header ?? { alg: 'HS256', typ: 'JWT' })
  const exp = Math.floor(Date.now() / 1000) + 300
  const claims = encode({ sub: 'demo', exp, site_id: siteId, hmac, ...twist.claims })
  const signature = createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url')
  return `${header}.${claims}.${signature}`
}

export const annexHeaders = (site: Site, token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'x-annexcloud-site': site.siteId,
  'content-type': 'application/json',
})

/** A POST of a body, signed over its bytes. */
export function annexPost(site: Site, url: string, body: unknown, twist?: TokenTwist): DoorRequest {
  const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return { method: 'POST', url, headers: annexHeaders(site, annexToken(site, raw, twist)), body: raw }
}

/** A GET of what an identifier names, signed over the identifier. */
export const annexGet = (site: Site, url: string, identifier: string, twist?: TokenTwist): DoorRequest => ({
  method: 'GET',
  url,
  headers: annexHeaders(site, annexToken(site, JSON.stringify(identifier), twist)),
})
