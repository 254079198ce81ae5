import { validateSync } from 'class-validator'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ENVIRONMENTS, type LOG_LEVELS, NUMBERS, type ROLES, SECRETS, Variables } from './variables'

export interface Config {
  readonly environment: (typeof ENVIRONMENTS)[number]
  readonly port: number
  readonly host: string
  /** Where people and programs reach this server, without a slash at the end. */
  readonly publicUrl: string
  readonly database: DatabasePlace
  /** Null: what suits the machine. */
  readonly databasePoolSize: number | null
  /** How many requests are worked on at a time. Null: what suits the pool. */
  readonly maxActiveRequests: number | null
  /** How many subscriptions may be open in this process, and of one credential. */
  readonly maxStreams: { readonly process: number; readonly credential: number }
  /** How long a stopping server says that it is not ready before it takes no more connections. */
  readonly stopDelaySeconds: number
  /** Wrong sign-ins in a minute, of one credential from one address; 0 for no limit. */
  readonly signInAttempts: number
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Of whose pages browsers may call: anybody's, those of this machine, or those of the listed origins. */
  readonly allowedOrigins: 'any' | 'this-machine' | readonly string[]
  /** For the embedded database and the generated key; absolute. */
  readonly dataDir: string
  /** Applied when an embedded database is first created; null: nothing is. */
  readonly setupFile: string | null
  /** Null: /admin answers 404. */
  readonly adminApiKey: string | null
  /** 32 bytes. Null: a generated one, kept in the data folder. */
  readonly encryptionKey: Buffer | null
  /** Where calls are counted for all processes; null: each counts for itself. */
  readonly redisUrl: string | null
  readonly role: (typeof ROLES)[number]
  /** Null: no tokens are taken, only API keys. */
  readonly tokens: TokenConfig | null
  /** Null: the graph takes any document. */
  readonly trusted: { readonly mode: 'warn' | 'enforce'; readonly file: string } | null
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** Whose JSON Web Tokens open the graph, and how their claims are read. */
export interface TokenConfig {
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  readonly tenantClaim: string
  readonly memberClaim: string
  readonly memberIdentity: { readonly door: string; readonly type: string }
}

export type DatabasePlace =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | {
      readonly kind: 'external'
      readonly url: string
      /** When `url` is a pooler that shares connections between transactions: PostgreSQL itself. */
      readonly directUrl: string | null
    }

/** The admin key of an embedded database for which none was chosen. Printed at every start. */
export const DEMO_ADMIN_KEY = 'demo-admin-key'

/** Something in the environment is wrong; the message has one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(['The configuration is not valid:', ...problems.map((problem) => `  - ${problem}`)].join('\n'))
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** The configuration, from the environment and nothing else. Throws a ConfigError that names every problem at once. */
export function loadConfig(environment: Environment = process.env): Config {
  const { texts, problems } = readTexts(environment)
  const variables = Object.assign(new Variables(), texts)
  const found = validateSync(variables).flatMap(({ constraints }) => Object.values(constraints ?? {}))
  const all = [...new Set([...problems, ...found, ...incomplete(variables)])]
  if (all.length > 0) throw new ConfigError(all)
  return Object.freeze(toConfig(variables))
}

function toConfig(variables: Variables): Config {
  const dataDir = resolve(variables.DATA_DIR)
  const url = variables.DATABASE_URL
  // Whoever brings a database means it: explorers and introspection are opened by saying so, not closed by it.
  const environment = variables.NODE_ENV ?? (url ? 'production' : 'development')
  return {
    environment,
    port: variables.PORT,
    // The demo's credentials are in the manual, so unless told otherwise it only talks to this machine.
    host: variables.HOST ?? (url ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: (variables.PUBLIC_URL ?? `http://localhost:${variables.PORT}`).replace(/\/+$/, ''),
    database: url
      ? { kind: 'external', url, directUrl: variables.DATABASE_DIRECT_URL ?? null }
      : { kind: 'embedded', dataDir },
    databasePoolSize: variables.DATABASE_POOL_SIZE ?? null,
    maxActiveRequests: variables.MAX_ACTIVE_REQUESTS ?? null,
    maxStreams: { process: variables.MAX_STREAMS, credential: variables.MAX_STREAMS_PER_CREDENTIAL },
    // Nobody balances load over a development server, and Ctrl-C should not take seconds.
    stopDelaySeconds: variables.STOP_DELAY_SECONDS ?? (environment === 'production' ? 5 : 0),
    signInAttempts: variables.SIGN_IN_ATTEMPTS,
    trustedProxies: variables.TRUSTED_PROXIES?.split(',') ?? [],
    allowedOrigins: allowedOrigins(variables.CORS_ORIGINS, environment),
    dataDir,
    setupFile: variables.SETUP_FILE === 'none' ? null : resolve(variables.SETUP_FILE),
    adminApiKey: variables.ADMIN_API_KEY ?? (url ? null : DEMO_ADMIN_KEY),
    encryptionKey: variables.ENCRYPTION_KEY ? keyBytes(variables.ENCRYPTION_KEY) : null,
    redisUrl: variables.REDIS_URL ?? null,
    role: variables.ROLE,
    tokens: tokensOf(variables),
    trusted: trustedOf(variables),
    logLevel: variables.LOG_LEVEL,
  }
}

/** A front end under development is served on this machine, at a port of its own. */
function allowedOrigins(text: string | undefined, environment: Config['environment']) {
  if (text === '*') return 'any'
  if (text === 'none') return []
  if (text !== undefined) return text.split(',')
  return environment === 'development' ? 'this-machine' : []
}

/** Tokens of anybody, for anybody, would open the graph to whoever can have one. */
const incomplete = (variables: Variables): readonly string[] => {
  const { JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, DATABASE_URL, DATABASE_DIRECT_URL } = variables
  const together = Boolean(JWKS_URL) === Boolean(JWT_ISSUER) && Boolean(JWKS_URL) === Boolean(JWT_AUDIENCE)
  return [
    ...(together ? [] : ['JWKS_URL, JWT_ISSUER and JWT_AUDIENCE go together: set all three, or none']),
    ...(DATABASE_DIRECT_URL && !DATABASE_URL ? ['DATABASE_DIRECT_URL goes with a DATABASE_URL'] : []),
  ]
}

const trustedOf = ({
  TRUSTED_DOCUMENTS: mode,
  TRUSTED_DOCUMENTS_FILE: file,
}: Variables): Config['trusted'] => (mode === 'off' ? null : { mode, file: resolve(file) })

function tokensOf(variables: Variables): TokenConfig | null {
  const { JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = variables
  if (!jwksUrl || !issuer || !audience) return null
  const [door = '', type = ''] = variables.JWT_MEMBER_IDENTITY.split('/')
  return {
    jwksUrl,
    issuer,
    audience,
    tenantClaim: variables.JWT_TENANT_CLAIM,
    memberClaim: variables.JWT_MEMBER_CLAIM,
    memberIdentity: { door, type },
  }
}

const keyBytes = (text: string): Buffer => Buffer.from(text, text.length === 64 ? 'hex' : 'base64')

type Texts = Record<string, string | number>

function readTexts(environment: Environment): { texts: Texts; problems: string[] } {
  const texts: Texts = {}
  const problems: string[] = []
  for (const name of Object.keys(new Variables())) {
    const text = isSecret(name) ? readSecret(name, environment, problems) : environment[name]
    if (text) texts[name] = isNumber(name) ? toNumber(text) : text
  }
  return { texts, problems }
}

const isSecret = (name: string): boolean => SECRETS.some((secret) => secret === name)
const isNumber = (name: string): boolean => NUMBERS.some((number) => number === name)

const toNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN)

function readSecret(name: string, environment: Environment, problems: string[]): string | undefined {
  const file = environment[`${name}_FILE`]
  if (!file) return environment[name]
  if (environment[name]) problems.push(`${name} and ${name}_FILE are both set; keep one`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    problems.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
