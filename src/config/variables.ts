import { IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, ValidateBy } from 'class-validator'
import { isIP } from 'node:net'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What a process serves: everything, everything as one subgraph of a larger graph, or one part of a federated deployment. */
export const ROLES = ['unified', 'subgraph', 'core', 'annex', 'capillary'] as const
export const TRUST = ['off', 'warn', 'enforce'] as const
export const ENVIRONMENTS = ['development', 'production', 'test'] as const

/** Also read from the file that NAME_FILE names, as container platforms hand out secrets. */
export const SECRETS = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'ADMIN_API_KEY',
  'ENCRYPTION_KEY',
  'REDIS_URL',
] as const
export const NUMBERS = [
  'PORT',
  'DATABASE_POOL_SIZE',
  'MAX_ACTIVE_REQUESTS',
  'MAX_STREAMS',
  'MAX_STREAMS_PER_CREDENTIAL',
  'STOP_DELAY_SECONDS',
  'SIGN_IN_ATTEMPTS',
] as const

const PORT_RANGE = { message: 'PORT must be a whole number from 0 to 65535' }
const ACTIVE_RANGE = { message: 'MAX_ACTIVE_REQUESTS must be a whole number from 1 to 10000' }
const ATTEMPTS_RANGE = { message: 'SIGN_IN_ATTEMPTS must be a whole number from 0 to 10000' }
const STREAMS_RANGE = { message: '$property must be a whole number from 1 to 100000' }
const DELAY_RANGE = { message: 'STOP_DELAY_SECONDS must be a whole number from 0 to 300' }
const POOL_RANGE = { message: 'DATABASE_POOL_SIZE must be a whole number from 1 to 500' }

/** Text of addresses or networks, with commas between. */
function IsNetworks({ message }: { readonly message: string }): PropertyDecorator {
  const isNetwork = (text: string): boolean => {
    const [address = '', bits, ...more] = text.split('/')
    const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
    return (
      more.length === 0 &&
      (bits === undefined ? most > 0 : /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most)
    )
  }
  return ValidateBy(
    {
      name: 'isNetworks',
      validator: { validate: (value) => typeof value === 'string' && value.split(',').every(isNetwork) },
    },
    { message },
  )
}

/**
 * Every variable the server reads, its default, and what is said when it is wrong. An empty variable counts as
 * absent. `.env.example` explains each; a test compares the two.
 */
export class Variables {
  @IsInt(PORT_RANGE)
  @Min(0, PORT_RANGE)
  @Max(65535, PORT_RANGE)
  PORT = 4000

  HOST: string | undefined = undefined

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/[^/]/, {
    message: 'DATABASE_URL must look like postgres://user:password@host:5432/database',
  })
  DATABASE_URL: string | undefined = undefined

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/[^/]/, {
    message: 'DATABASE_DIRECT_URL must look like postgres://user:password@host:5432/database',
  })
  DATABASE_DIRECT_URL: string | undefined = undefined

  @IsOptional()
  @IsInt(POOL_RANGE)
  @Min(1, POOL_RANGE)
  @Max(500, POOL_RANGE)
  DATABASE_POOL_SIZE: number | undefined = undefined

  @IsOptional()
  @IsInt(ACTIVE_RANGE)
  @Min(1, ACTIVE_RANGE)
  @Max(10_000, ACTIVE_RANGE)
  MAX_ACTIVE_REQUESTS: number | undefined = undefined

  @IsInt(STREAMS_RANGE)
  @Min(1, STREAMS_RANGE)
  @Max(100_000, STREAMS_RANGE)
  MAX_STREAMS = 1_000

  @IsInt(STREAMS_RANGE)
  @Min(1, STREAMS_RANGE)
  @Max(100_000, STREAMS_RANGE)
  MAX_STREAMS_PER_CREDENTIAL = 100

  @IsOptional()
  @IsInt(DELAY_RANGE)
  @Min(0, DELAY_RANGE)
  @Max(300, DELAY_RANGE)
  STOP_DELAY_SECONDS: number | undefined = undefined

  @IsInt(ATTEMPTS_RANGE)
  @Min(0, ATTEMPTS_RANGE)
  @Max(10_000, ATTEMPTS_RANGE)
  SIGN_IN_ATTEMPTS = 10

  @IsOptional()
  @IsNetworks({
    message: 'TRUSTED_PROXIES must be addresses or networks with commas between, such as 10.0.0.0/8,fd00::/8',
  })
  TRUSTED_PROXIES: string | undefined = undefined

  @IsOptional()
  @Matches(/^(\*|none|https?:\/\/[^/,\s]+(,https?:\/\/[^/,\s]+)*)$/, {
    message:
      'CORS_ORIGINS must be origins with commas between, such as https://shop.example.com, without paths; or * or none',
  })
  CORS_ORIGINS: string | undefined = undefined

  DATA_DIR = '.data'

  SETUP_FILE = 'setup/demo.yaml'

  ADMIN_API_KEY: string | undefined = undefined

  @IsOptional()
  @Matches(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)$/, {
    message: 'ENCRYPTION_KEY must be 32 bytes, as 64 hexadecimal digits or as base64 (openssl rand -hex 32)',
  })
  ENCRYPTION_KEY: string | undefined = undefined

  @IsIn(ROLES, { message: `ROLE must be one of ${ROLES.join(', ')}` })
  ROLE: (typeof ROLES)[number] = 'unified'

  @IsOptional()
  @Matches(/^rediss?:\/\/[^/]/, { message: 'REDIS_URL must look like redis://user:password@host:6379/0' })
  REDIS_URL: string | undefined = undefined

  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'PUBLIC_URL must be an address such as https://loyalty.example.com' },
  )
  PUBLIC_URL: string | undefined = undefined

  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'JWKS_URL must be an address such as https://login.example.com/.well-known/jwks.json' },
  )
  JWKS_URL: string | undefined = undefined

  JWT_ISSUER: string | undefined = undefined

  JWT_AUDIENCE: string | undefined = undefined

  JWT_TENANT_CLAIM = 'tenant'

  JWT_MEMBER_CLAIM = 'member'

  @Matches(/^[^/]+\/[^/]+$/, { message: 'JWT_MEMBER_IDENTITY must be a door and a type, such as annex/id' })
  JWT_MEMBER_IDENTITY = 'annex/id'

  @IsIn(TRUST, { message: `TRUSTED_DOCUMENTS must be one of ${TRUST.join(', ')}` })
  TRUSTED_DOCUMENTS: (typeof TRUST)[number] = 'off'

  TRUSTED_DOCUMENTS_FILE = 'trusted-documents.json'

  @IsIn(LOG_LEVELS, { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info'

  @IsOptional()
  @IsIn(ENVIRONMENTS, { message: `NODE_ENV must be one of ${ENVIRONMENTS.join(', ')}` })
  NODE_ENV: (typeof ENVIRONMENTS)[number] | undefined = undefined
}
