import { Unavailable } from '../../domain/shared/errors'

/** Which tokens are taken, and how their claims are read. */
export interface TokenSettings {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  /** The claim that holds the tenant's key. */
  readonly tenantClaim: string
  /** The claim that holds a member's identity; a token without it is a service's. */
  readonly memberClaim: string
  /** What that identity is: a door and a type of identity. */
  readonly memberIdentity: { readonly door: string; readonly type: string }
}

/** What a token that is valid says. */
export interface TokenFacts {
  readonly tenantKey: string
  /** Whose token it is: with it, only that member is seen. Null: a service's. */
  readonly memberValue: string | null
  readonly subject: string
  readonly scopes: readonly string[]
}

/** Null for a token that is not valid. Throws Unavailable when the issuer's keys cannot be had. */
export type TokenVerifier = (token: string) => Promise<TokenFacts | null>

// An ES module; ours are CommonJS, which on Node 20 can only await it.
const jose = import('jose')

/** Keys that only the issuer has; a shared secret would let every holder of it issue tokens. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']
const CLOCK_LEEWAY_SECONDS = 30
const SCOPES: ReadonlySet<string> = new Set(['read', 'write', 'admin'])

/** Verifies JSON Web Tokens with the keys that their issuer publishes; the keys are remembered, and fetched anew when one is missing. */
export function tokenVerifier(settings: TokenSettings): TokenVerifier {
  const { jwksUrl, issuer, audience } = settings
  const keys = jose.then(({ createRemoteJWKSet }) =>
    createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 10_000 }),
  )
  return async (token) => {
    const { errors, jwtVerify } = await jose
    try {
      const { payload } = await jwtVerify(token, await keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_LEEWAY_SECONDS,
        requiredClaims: ['exp', 'sub'],
      })
      return factsOf(payload, settings)
    } catch (error) {
      const isOurs = error instanceof errors.JOSEError && !KEYS_AWAY.has(error.code)
      if (isOurs) return null
      throw new Unavailable(`the keys of ${issuer} cannot be had: ${String(error)}`)
    }
  }
}

const KEYS_AWAY: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'])

function factsOf(claims: Readonly<Record<string, unknown>>, settings: TokenSettings): TokenFacts | null {
  const tenantKey = claims[settings.tenantClaim]
  const member = claims[settings.memberClaim]
  if (typeof tenantKey !== 'string' || tenantKey === '') return null
  // A claim that is there and is no text must not turn a member's token into a service's.
  if (member !== undefined && (typeof member !== 'string' || member === '')) return null
  return {
    tenantKey,
    memberValue: member ?? null,
    subject: String(claims['sub']),
    scopes: member === undefined ? scopesOf(claims['scope']) : ['read'],
  }
}

const scopesOf = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(' ').filter((scope) => SCOPES.has(scope)) : []
