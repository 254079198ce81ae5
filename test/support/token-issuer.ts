import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// An ES module; tests are CommonJS.
const jose = import('jose')
export type Keys = Awaited<ReturnType<Awaited<typeof jose>['generateKeyPair']>>

export const ISSUER = 'https://login.example.com/'
export const AUDIENCE = 'loyalty'

/** Whoever signs people in elsewhere, with the keys that it publishes. */
export interface TokenIssuer {
  /** What tells the server about it. */
  readonly environment: Readonly<Record<string, string>>
  readonly keys: Keys
  /** A token that is good unless `over` says otherwise. */
  token(claims: Readonly<Record<string, unknown>>, over?: TokenFacts): Promise<string>
  /** Publishes another key beside the first, and signs with it from now on. */
  rotate(): Promise<void>
  /** No longer publishes the first key. */
  forgetOldKeys(): void
  close(): Promise<void>
}

export interface TokenFacts {
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: Keys['privateKey'] | Uint8Array
  readonly payload?: Readonly<Record<string, unknown>>
}

export async function startIssuer(): Promise<TokenIssuer> {
  const { exportJWK, generateKeyPair, SignJWT } = await jose
  let number = 0
  const published: object[] = []
  const newKeys = async (): Promise<Keys> => {
    const made = await generateKeyPair('ES256')
    published.push({ ...(await exportJWK(made.publicKey)), kid: `k${++number}`, alg: 'ES256', use: 'sig' })
    return made
  }
  let keys = await newKeys()
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: published })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    environment: {
      JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
    },
    get keys() {
      return keys
    },
    token(claims, { header = {}, key = keys.privateKey, payload = {} } = {}) {
      const now = Math.floor(Date.now() / 1000)
      const facts = {
        sub: 'somebody',
        iss: ISSUER,
        aud: AUDIENCE,
        iat: now,
        exp: now + 300,
        ...claims,
        ...payload,
      }
      return new SignJWT(facts).setProtectedHeader({ alg: 'ES256', kid: `k${number}`, ...header }).sign(key)
    },
    async rotate() {
      keys = await newKeys()
    },
    forgetOldKeys() {
      published.splice(0, published.length - 1)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
