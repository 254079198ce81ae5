import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadConfig } from '../../../src/config/config'
import { encryptionKeyOf } from '../../../src/config/encryption-key'
import { Variables } from '../../../src/config/variables'

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('the configuration', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loyalty-config-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const fileWith = (text: string): string => {
    const file = join(folder, 'secret')
    writeFileSync(file, text)
    return file
  }

  it('needs nothing: the demo, for this machine only', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'development',
      stopDelaySeconds: 0,
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4000',
      database: { kind: 'embedded', dataDir: join(process.cwd(), '.data') },
      setupFile: join(process.cwd(), 'setup/demo.yaml'),
      adminApiKey: 'demo-admin-key',
    })
  })

  it('has nothing of the demo with a database of its own', () => {
    const url = 'postgres://loyalty@db/loyalty'
    expect(loadConfig({ DATABASE_URL: url, ADMIN_API_KEY: '' })).toMatchObject({
      environment: 'production',
      stopDelaySeconds: 5,
      host: '0.0.0.0',
      database: { kind: 'external', url, directUrl: null },
      adminApiKey: null,
    })
  })

  it('reports every problem at once, and never a secret', () => {
    const secret = 'mysql://root:hunter2@db/loyalty'
    const problems = problemsOf({
      PORT: '40o0',
      DATABASE_URL: secret,
      DATABASE_POOL_SIZE: '0',
      MAX_ACTIVE_REQUESTS: '0',
      MAX_STREAMS: '0',
      MAX_STREAMS_PER_CREDENTIAL: 'many',
      STOP_DELAY_SECONDS: '301',
      ENCRYPTION_KEY: 'hunter2',
      ROLE: 'everything',
      REDIS_URL: 'http://:hunter2@redis',
      PUBLIC_URL: 'localhost',
      CORS_ORIGINS: 'https://shop.example.com/hunter2',
      LOG_LEVEL: 'loud',
      NODE_ENV: 'prod',
    })
    expect(problems.map((problem) => problem.split(/[ =]/)[0])).toEqual([
      ...['PORT', 'DATABASE_URL', 'DATABASE_POOL_SIZE', 'MAX_ACTIVE_REQUESTS'],
      ...['MAX_STREAMS', 'MAX_STREAMS_PER_CREDENTIAL'],
      ...['STOP_DELAY_SECONDS', 'CORS_ORIGINS', 'ENCRYPTION_KEY', 'ROLE', 'REDIS_URL'],
      ...['PUBLIC_URL', 'LOG_LEVEL', 'NODE_ENV'],
    ])
    expect(problems.join()).not.toContain('hunter2')
  })

  it('takes the roles of a split deployment, and refuses any other', () => {
    expect(loadConfig({ ROLE: 'core' }).role).toBe('core')
    expect(problemsOf({ ROLE: 'boss' })).toEqual([
      'ROLE must be one of unified, subgraph, core, annex, capillary',
    ])
  })

  it('lets pages of this machine call while a front end is developed, and in production only who is named', () => {
    const database = { DATABASE_URL: 'postgres://loyalty@db/loyalty' }
    const origins = (text: string) => loadConfig({ ...database, CORS_ORIGINS: text }).allowedOrigins
    expect(loadConfig({}).allowedOrigins).toBe('this-machine')
    expect(loadConfig(database).allowedOrigins).toEqual([])
    expect(origins('*')).toBe('any')
    expect(origins('none')).toEqual([])
    expect(origins('https://a.example,http://b.example:8080')).toEqual([
      'https://a.example',
      'http://b.example:8080',
    ])
  })

  it.each([
    '999.0.0.1',
    '10.0.0.0/99',
    '10.0.0.0/0',
    '10.0.0.0/8/8',
    '::g',
    '10.0.0.1,',
    '10.0.0.1 10.0.0.2',
  ])('takes no load balancer at %s', (text) => {
    expect(problemsOf({ TRUSTED_PROXIES: text })).toEqual([
      expect.stringContaining('TRUSTED_PROXIES must be'),
    ])
  })

  it('takes load balancers by address and by network', () => {
    const text = '10.0.0.0/8,fd00::/8,::1,192.0.2.7'
    expect(loadConfig({ TRUSTED_PROXIES: text }).trustedProxies).toEqual(text.split(','))
  })

  it('reads secrets from files, without the line end that editors add', () => {
    const config = loadConfig({ ADMIN_API_KEY_FILE: fileWith('from-a-file\n') })
    expect(config.adminApiKey).toBe('from-a-file')
  })

  it('refuses a secret that is given twice, or whose file cannot be read', () => {
    const twice = { ADMIN_API_KEY: 'a', ADMIN_API_KEY_FILE: fileWith('b') }
    expect(problemsOf(twice)).toEqual(['ADMIN_API_KEY and ADMIN_API_KEY_FILE are both set; keep one'])
    expect(problemsOf({ DATABASE_URL_FILE: join(folder, 'absent') })[0]).toMatch(
      /^DATABASE_URL_FILE cannot be read/,
    )
  })

  it('takes an encryption key as hexadecimal digits or base64', () => {
    const key = Buffer.alloc(32, 7)
    for (const encoding of ['hex', 'base64'] as const) {
      expect(loadConfig({ ENCRYPTION_KEY: key.toString(encoding) }).encryptionKey).toEqual(key)
    }
  })

  it('makes an encryption key once, for its owner only', () => {
    const config = loadConfig({ DATA_DIR: join(folder, 'data') })
    const first = encryptionKeyOf(config)
    expect(first.source).toBe('data folder')
    expect(encryptionKeyOf(config).key).toEqual(first.key)
    expect(statSync(join(folder, 'data/encryption.key')).mode & 0o777).toBe(0o600)
  })

  it('never replaces a key file it cannot read', () => {
    const config = loadConfig({ DATA_DIR: folder })
    writeFileSync(join(folder, 'encryption.key'), 'half a k')
    expect(() => encryptionKeyOf(config)).toThrow('restore it from a backup')
  })

  it('is documented whole in .env.example, with the defaults that hold', () => {
    const example = readFileSync(join(__dirname, '../../../.env.example'), 'utf8')
    const named = [...example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)]
    const defaults = new Map(Object.entries(new Variables()))
    expect(named.map(([, name]) => name)).toEqual([...defaults.keys()])
    const stated = named.filter(([line]) => !line.startsWith('#'))
    expect(stated.map(([line]) => line)).toEqual(
      stated.map(([, name]) => `${name}=${defaults.get(name ?? '')}`),
    )
  })
})
