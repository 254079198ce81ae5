import { createHash } from 'node:crypto'
import type { DataSource } from 'typeorm'
import { MAIN_CURRENCY } from '../../src/domain/points/ledger'
import type { Tenant } from '../../src/domain/programs/tenant'
import { tenantAt } from '../../src/domain/programs/tenant'
import { present } from '../../src/domain/shared/present'
import { formatPoints } from '../../src/domain/shared/points'
import type { Stores } from '../../src/domain/stores'
import type { LoyaltyDeps } from '../../src/domain/loyalty'
import { createSecretBox } from '../../src/persistence/programs/secret-box'
import { assertSecretsReadable } from '../../src/persistence/programs/assert-secrets'
import { PostgresCredentialStore } from '../../src/persistence/programs/postgres-credential-store'
import { RememberingCredentialStore } from '../../src/persistence/programs/remembering-credential-store'
import { postgresStores } from '../../src/persistence/postgres-stores'
import { pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import { applySetup } from '../../src/setup/apply-setup'
import { exportSetup } from '../../src/setup/export-setup'
import { SetupRefused } from '../../src/setup/problems'
import { moveClock, resetSandbox } from '../../src/setup/sandbox'
import { instantOf } from '../../src/domain/shared/instant'
import { type TestDatabase, testDatabase } from '../support/database'

const box = createSecretBox(Buffer.alloc(32, 7))
let database: TestDatabase
let dataSource: DataSource
let deps: LoyaltyDeps
let stores: Stores

beforeAll(async () => {
  database = await testDatabase()
  dataSource = database.dataSource
  deps = { unitOfWork: createUnitOfWork(dataSource, postgresStores(box)), clock: { now: () => Date.now() } }
  stores = postgresStores(box)(pooled(dataSource))
})
afterAll(() => database.close())

const program = (changes: object = {}) => ({
  key: 'main',
  programId: 1016,
  default: true,
  pointsDecimals: 0,
  expiry: { days: 365 },
  purchase: { actionId: 109, ratio: '1' },
  transactions: { pointsPerCurrencyUnit: '0.1' },
  tiers: [
    { name: 'Silver', minLifetimePoints: 0 },
    { name: 'Gold', minLifetimePoints: 100 },
  ],
  rewards: [{ rewardId: '121', name: 'Voucher', cost: 200 }],
  ...changes,
})

const VISIT = { actionId: 103, name: 'Visit', award: '10', maxPoints: '50', per: 'week', coolDown: 'P1D' }

/** A document with one tenant; what a test does not say is a small shop with both doors. */
const aSetup = (key: string, changes: object = {}) => ({
  version: 1,
  tenants: [
    {
      key,
      name: `Shop ${key}`,
      sandbox: true,
      currency: 'EUR',
      identityLinking: ['email', 'mobile'],
      apiKeys: [{ name: 'front', key: `${key}-api-key`, scopes: ['read'] }],
      annex: { siteId: `site-${key}`, secrets: [`${key}-secret`] },
      capillary: {
        orgId: Number.parseInt(Buffer.from(key).toString('hex').slice(0, 12), 16),
        region: 'eu',
        tills: [{ code: `${key}.till`, store: 's1', password: 'server123' }],
        oauthClients: [
          { key: `${key}-client`, secret: 'client-secret', ttlSeconds: 300, till: `${key}.till` },
        ],
      },
      programs: [program()],
      ...changes,
    },
  ],
})

type Entry = Record<string, unknown>
interface Exported {
  readonly key: string
  readonly apiKeys: readonly Entry[]
  readonly annex: Entry
  readonly capillary: { readonly tills: readonly Entry[]; readonly oauthClients: readonly Entry[] }
}

const apply = (document: unknown, prune = false) => applySetup(deps, document, { prune, actor: 'test' })

async function problemsOf(document: unknown): Promise<readonly string[]> {
  try {
    await apply(document)
    return []
  } catch (error) {
    if (!(error instanceof SetupRefused)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

async function tenantOf(key: string): Promise<Tenant> {
  const head = (await stores.tenants.headByKey(key))!
  return tenantAt(await stores.tenants.setup(head.tenantId, head.setupVersion), head, deps.clock)
}

async function walletOf(tenant: Tenant, memberRef: string) {
  const [member] = await stores.members.findByIdentities(tenant.id, [
    { door: 'setup', type: 'ref', source: null, account: null, value: memberRef },
  ])
  const account = {
    tenantId: tenant.id,
    holder: { kind: 'MEMBER', id: member!.id },
    programId: tenant.setup.defaultProgram.id,
    currency: MAIN_CURRENCY,
  } as const
  const now = tenant.time.offsetMillis === 0 ? null : tenant.time.now
  const [statement] = await stores.accounts.statements([account], now, 'UTC')
  return {
    member: member!,
    available: formatPoints(statement!.available),
    lifetime: formatPoints(statement!.lifetime),
  }
}

describe('applying a setup', () => {
  it('creates everything once and changes nothing the second time', async () => {
    const first = await apply(aSetup('twice'))
    expect(first['twice']).toMatchObject({
      tenants: { created: 1 },
      tills: { created: 1 },
      tiers: { created: 2 },
    })
    const version = (await stores.tenants.headByKey('twice'))!.setupVersion

    const second = await apply(aSetup('twice'))
    const touched = Object.values(second['twice']!).map(
      ({ created, updated, removed }) => created + updated + removed,
    )
    expect(touched.every((count) => count === 0)).toBe(true)
    expect((await stores.tenants.headByKey('twice'))!.setupVersion).toBe(version)
  })

  it('raises the version when a rule changes, so that nobody works with the old one', async () => {
    await apply(aSetup('rules'))
    const before = await tenantOf('rules')
    await apply(aSetup('rules', { programs: [program({ purchase: { actionId: 109, ratio: '2.5' } })] }))
    const after = await tenantOf('rules')
    expect(after.setup.version).toBeGreaterThan(before.setup.version)
    expect(after.setup.defaultProgram.orders!.ratio.toFixed()).toBe('2.5')
  })

  it('reports every problem at once, by path, and applies nothing', async () => {
    await apply(aSetup('holder'))
    const broken = aSetup('broken', {
      timeZone: 'Mars/Olympus',
      annex: { siteId: 'site-holder', secrets: ['x'] },
      surprise: true,
      programs: [
        program({
          default: false,
          alternateCurrencies: [{ identifier: 'a b', name: 'Coin', perCurrencyUnit: '1' }],
          tiers: [{ name: 'A' }, { name: 'A' }],
        }),
      ],
    })
    expect(await problemsOf(broken)).toEqual(
      expect.arrayContaining([
        'tenants[0].timeZone: is not an IANA time zone',
        'tenants[0].surprise: is not a key of the setup format',
        'tenants[0].programs[0].alternateCurrencies[0].identifier: must be up to 30 letters, digits, dashes and underscores',
      ]),
    )
    const conflicting = aSetup('broken', {
      annex: { siteId: 'site-holder', secrets: ['x'] },
      programs: [program({ default: false, tiers: [{ name: 'A' }, { name: 'A' }] })],
    })
    expect(await problemsOf(conflicting)).toEqual([
      'tenants[0].annex.siteId: is used by tenant "holder"',
      'tenants[0].programs: exactly one must be the default, 0 are',
      'tenants[0].programs[0].tiers[1].name: is the same as tenants[0].programs[0].tiers[0].name',
    ])
    expect(await stores.tenants.headByKey('broken')).toBeNull()
  })

  it('refuses features that do not exist yet by name, and takes the values that switch them off', async () => {
    const off = aSetup('off', {
      programs: [
        program({
          purchase: { actionId: 109, ratio: '1', hold: 'none', holdDays: 0 },
          alternateCurrencies: [],
        }),
      ],
      groups: [],
    })
    expect(await problemsOf(off)).toEqual([])
    const settings = (extendedAttributes: string) => ({
      annex: { siteId: 'site-on', secrets: ['x'], settings: { extendedAttributes } },
    })
    expect(await problemsOf(aSetup('on', settings('permissive')))).toEqual([])
    expect(await problemsOf(aSetup('on', settings('strict')))).toEqual([
      'tenants[0].annex.settings.extendedAttributes: is not supported yet',
    ])
  })

  it('adds currencies beside points, changes their rates, and never forgets one', async () => {
    const coin = (identifier: string, perCurrencyUnit: string) => ({
      identifier,
      name: 'Coin',
      perCurrencyUnit,
    })
    const of = (...alternateCurrencies: object[]) =>
      aSetup('coins', { programs: [program({ alternateCurrencies })] })
    expect(await problemsOf(of(coin('A', '1'), coin('A', '2')))).toEqual([
      'tenants[0].programs[0].alternateCurrencies[1].identifier: is the same as tenants[0].programs[0].alternateCurrencies[0].identifier',
    ])
    await apply(of(coin('B', '1'), coin('A', '2.5')))
    await apply(of(coin('B', '0')), true)
    const { setup } = await tenantOf('coins')
    const kept = setup.defaultProgram.alternateCurrencies
    expect(kept.map(({ identifier, perCurrencyUnit }) => [identifier, perCurrencyUnit.toFixed()])).toEqual([
      ['A', '2.5'],
      ['B', '0'],
    ])
    const { tenants } = (await exportSetup(stores.setup)) as unknown as {
      tenants: readonly { key: string; programs: readonly object[] }[]
    }
    expect(tenants.find(({ key }) => key === 'coins')?.programs).toMatchObject([
      { alternateCurrencies: [coin('A', '2.5'), coin('B', '0')] },
    ])
  })

  it('lists codes and groups once, exports them, and lets a reset give the codes out again', async () => {
    const rewards = [{ rewardId: '121', name: 'Voucher', cost: 2, codes: ['B', 'A'], codeDays: 30 }]
    const document = aSetup('codes', {
      programs: [program({ rewards, buckets: ['travel'], actions: [VISIT] })],
      members: [{ ref: 'm', annexId: 'm', credits: [{ ref: 'o', points: 5 }] }],
      groups: [{ groupId: 91, owner: 'm' }],
    })
    expect((await apply(document))['codes']).toMatchObject({
      rewardCodes: { created: 2 },
      groups: { created: 1 },
    })
    const again = Object.values((await apply(document))['codes']!)
    expect(again.every(({ created, updated, removed }) => created + updated + removed === 0)).toBe(true)
    const tenant = await tenantOf('codes')
    const { member } = await walletOf(tenant, 'm')
    const take = () =>
      stores.rewardCodes.take(tenant.id, {
        programId: tenant.setup.defaultProgram.id,
        rewardId: '121',
        memberId: member.id,
        at: tenant.time.now,
        expiresAt: null,
      })
    expect([await take(), await take(), await take()]).toEqual(['B', 'A', null])
    await resetSandbox(deps, 'codes', 'test')
    expect((await stores.groups.findByKey(tenant.id, '91'))?.name).toBe('91')
    const reborn = (await walletOf(tenant, 'm')).member.id
    expect(await stores.groups.groupsOf(tenant.id, [reborn])).toMatchObject([{ group: { key: '91' } }])
    expect(await stores.rewardCodes.rewardsInStock(tenant.id, tenant.setup.defaultProgram.id)).toEqual([
      '121',
    ])
    const exported = (await exportSetup(stores.setup)) as { tenants: { key: string }[] }
    expect(exported.tenants.find(({ key }) => key === 'codes')).toMatchObject({
      programs: [{ rewards: [{ codes: ['B', 'A'], codeDays: 30 }], buckets: ['travel'], actions: [VISIT] }],
      groups: [{ groupId: '91', owner: 'm', members: ['m'] }],
    })
  })

  it('refuses limits, codes, buckets and groups that say nothing or contradict', async () => {
    const broken = aSetup('limits', {
      programs: [
        program({
          actions: [{ actionId: 1, name: 'A', award: 1, per: 'day' }],
          rewards: [{ rewardId: '1', name: 'R', cost: 1, codes: ['X', 'X'] }],
          buckets: ['a', 'a'],
        }),
      ],
      members: [{ ref: 'm' }],
      groups: [
        { groupId: '1', owner: 'm' },
        { groupId: '2', owner: 'm' },
      ],
    })
    expect(await problemsOf(broken)).toEqual([
      'tenants[0].programs[0].actions[0].per: says nothing without maxPoints',
      'tenants[0].programs[0].rewards[0].codes[1]: is the same as tenants[0].programs[0].rewards[0].codes[0]',
      'tenants[0].programs[0].buckets[1]: is the same as tenants[0].programs[0].buckets[0]',
      'tenants[0].groups[1]: "m" is in group "1" already, and can be in one only',
    ])
    expect(await problemsOf(aSetup('nobody', { groups: [{ groupId: '1', owner: 'x' }] }))).toEqual([
      'tenants[0].groups[0]: no member is named "x"',
    ])
    const cool = [{ actionId: 1, name: 'A', award: 1, coolDown: 'tomorrow' }]
    expect(await problemsOf(aSetup('cool', { programs: [program({ actions: cool })] }))).toEqual([
      'tenants[0].programs[0].actions[0].coolDown: must be an ISO 8601 duration, such as P1D',
    ])
  })

  it('takes and gives back twenty thousand codes in no time', async () => {
    const codes = Array.from({ length: 20_000 }, (_, n) => `MANY-${n}`)
    const rewards = [{ rewardId: '1', name: 'Voucher', cost: 5, codes }]
    const many = aSetup('codes-many', { programs: [program({ rewards })] })
    expect((await apply(many))['codes-many']).toMatchObject({ rewardCodes: { created: 20_000 } })
    const started = performance.now()
    const { tenants } = (await exportSetup(stores.setup, ['codes-many'])) as unknown as {
      tenants: readonly [{ programs: [{ rewards: [{ codes: readonly string[] }] }] }]
    }
    // It took the square of their number, 2 s, and a statement may take 4.
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(tenants[0].programs[0].rewards[0].codes).toEqual(codes)
    const none = aSetup('codes-many', { programs: [program({ rewards: [{ ...rewards[0], codes: [] }] })] })
    expect((await apply(none, true))['codes-many']).toMatchObject({ rewardCodes: { removed: 20_000 } })
  }, 20_000)

  it('holds no transaction open while it hashes secrets', async () => {
    const tills = Array.from({ length: 24 }, (_, n) => ({ code: `slow.${n}`, store: 's', password: `p${n}` }))
    let longest = 0
    const waiting = { over: false }
    const began = performance.now()
    const applied = apply(aSetup('slow', { capillary: { orgId: 777_001, region: 'eu', tills } })).finally(
      () => {
        waiting.over = true
      },
    )
    while (!waiting.over) {
      const [row] = await dataSource.query<{ millis: number }[]>(
        `select coalesce(max(extract(epoch from clock_timestamp() - state_change) * 1000), 0)::float as millis
           from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
      )
      longest = Math.max(longest, row!.millis)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect((await applied)['slow']).toMatchObject({ tills: { created: 24 } })
    // Hashing is nearly all of it, and PostgreSQL ends a transaction that is idle for five seconds.
    expect(longest).toBeLessThan((performance.now() - began) / 2)
  }, 20_000)

  it('rolls the whole document back when its last tenant is refused', async () => {
    const document = aSetup('atomic', {
      members: [{ ref: 'a', email: 'a@example.com', credits: [{ ref: 'o', points: 5 }] }],
    })
    const twins = [
      { ref: 'a', email: 'a@example.com' },
      { ref: 'b', identifiers: [{ type: 'mobile', value: '1' }] },
    ]
    const both = { ref: 'c', email: 'a@example.com', identifiers: [{ type: 'mobile', value: '1' }] }
    document.tenants.push(...aSetup('atomic2', { members: [...twins, both] }).tenants)
    expect(await problemsOf(document)).toHaveLength(1)
    expect(await stores.tenants.headByKey('atomic')).toBeNull()
  })

  it('keeps what a document does not mention, and removes it only when asked to prune', async () => {
    await apply(aSetup('prune', { stores: [{ storeId: 'A' }, { storeId: 'B' }] }))
    await apply(
      aSetup('prune', {
        stores: [{ storeId: 'A' }],
        programs: [program({ rewards: [{ rewardId: '9', name: 'New', cost: 1 }] })],
      }),
    )
    expect((await tenantOf('prune')).setup.defaultProgram.rewards.map(({ rewardId }) => rewardId)).toEqual([
      '9',
      '121',
    ])
    const tenant = await tenantOf('prune')
    expect(await stores.shops.findByCode(tenant.id, 'annex', 'B')).not.toBeNull()

    const changes = await apply(
      aSetup('prune', {
        stores: [{ storeId: 'A' }],
        programs: [program({ rewards: [{ rewardId: '9', name: 'New', cost: 1 }] })],
      }),
      true,
    )
    expect(changes['prune']!['stores']!.removed).toBe(1)
    expect((await tenantOf('prune')).setup.defaultProgram.rewards.map(({ rewardId }) => rewardId)).toEqual([
      '9',
    ])
    expect(await stores.shops.findByCode(tenant.id, 'annex', 'B')).toBeNull()
  })

  it.each([false, true])('lets keys change names, and places (prune: %s)', async (prune) => {
    const key = `names${Number(prune)}`
    const keys = (...names: readonly string[]) =>
      aSetup(key, {
        apiKeys: names.map((name, index) => ({ name, key: `${key}-${index}`, scopes: ['read'] })),
      })
    const namesNow = async () => {
      const first = createHash('sha256').update(`${key}-0`).digest('hex')
      const found: readonly { name: string }[] = await dataSource.query(
        `select k.name from api_keys k join tenants t using (tenant_id) where t.key = $1 order by key_hash <> $2`,
        [key, first],
      )
      return found.map(({ name }) => name)
    }
    await apply(keys('front', 'back'))
    expect((await apply(keys('back', 'front'), prune))[key]).toMatchObject({ apiKeys: { updated: 2 } })
    expect(await namesNow()).toEqual(['back', 'front'])
    expect((await apply(keys('side', 'front'), prune))[key]).toMatchObject({
      apiKeys: { created: 1, removed: 1 },
    })
    expect(await namesNow()).toEqual(['side', 'front'])
  })

  it('takes credentials as they were a tenth of a second ago, and no longer', async () => {
    await apply(aSetup('moment'))
    let now = 0
    const credentials = new RememberingCredentialStore(
      new PostgresCredentialStore(pooled(dataSource), box),
      () => now,
    )
    const hash = createHash('sha256').update('moment-api-key').digest('hex')
    const scopes = async () => (await credentials.apiKeyByHash(hash))?.scopes ?? null
    const secrets = async () => (await credentials.secretsOfDoor('annex', 'site-moment'))?.secrets
    const change = (sql: string) =>
      dataSource.query(`${sql} where tenant_id = (select tenant_id from tenants where key = 'moment')`)
    const till = async () => (await credentials.tillByCode('moment.till'))?.tillCode ?? null
    const client = async () => (await credentials.oauthClientByKey('moment-client'))?.ttlSeconds ?? null
    const all = async () => [await scopes(), await secrets(), await till(), await client()]
    const before = [['read'], ['moment-secret'], 'moment.till', expect.any(Number) as number]
    expect(await all()).toEqual(before)

    await change(`update api_keys set scopes = '{write}'`)
    await change(`update doors set secrets = '{}'`)
    await change(`update tills set retired = true`)
    await change(`update oauth_clients set ttl_seconds = 7`)
    now = 99
    expect(await all()).toEqual(before)
    now = 100
    expect(await all()).toEqual([['write'], [], null, 7])

    // A change of our own is felt at once.
    await change(`delete from api_keys`)
    credentials.forget()
    expect(await scopes()).toBeNull()
    now = 5_000
    expect(await scopes()).toBeNull()
    await apply(aSetup('moment'))
    expect(await scopes()).toEqual(['read'])
  })

  it('remembers nothing that was read around a change of our own, and no accident', async () => {
    await apply(aSetup('race'))
    let now = 0
    const credentials = new RememberingCredentialStore(
      new PostgresCredentialStore(pooled(dataSource), box),
      () => now,
    )
    const secrets = async () => (await credentials.secretsOfDoor('annex', 'site-race'))?.secrets
    const ofEight = () => Promise.allSettled(Array.from({ length: 8 }, secrets))
    const whileLocked = (work: (sql: (text: string) => Promise<unknown>) => Promise<void>) =>
      dataSource.transaction(async (holder) => {
        await holder.query('lock table doors in access exclusive mode')
        await work((text) => holder.query(text))
      })
    let asked = ofEight()
    expect(await asked).toContainEqual({ status: 'fulfilled', value: ['race-secret'] })

    now = 200
    await whileLocked(async (sql) => {
      asked = ofEight()
      await sql(`update doors set secrets = '{}' where external_id = 'site-race'`)
      credentials.forget()
    })
    expect(await asked).toEqual(Array.from({ length: 8 }, () => ({ status: 'fulfilled', value: [] })))
    await apply(aSetup('race'))
    now = 201
    expect(await secrets()).toEqual(['race-secret'])

    // Longer than anybody waits for a lock.
    now = 5_000
    await whileLocked(async () => {
      asked = ofEight()
      await asked
    })
    expect((await asked).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'rejected'))
    expect(await secrets()).toEqual(['race-secret'])
  })

  it('stores no secret in clear, and none can be read back', async () => {
    await apply(aSetup('secret'))
    const credentials = new PostgresCredentialStore(pooled(dataSource), box)
    expect((await credentials.secretsOfDoor('annex', 'site-secret'))!.secrets).toEqual(['secret-secret'])
    const dump = JSON.stringify([
      await exportSetup(stores.setup),
      await dataSource.query("select tenant_id, door, encode(secrets[1], 'escape') as s from doors"),
      await dataSource.query('select * from tills'),
      await dataSource.query('select * from oauth_clients'),
      await dataSource.query('select * from api_keys'),
    ])
    for (const secret of [
      'secret-secret',
      'server123',
      '8a16a6b70505eb1f1ff7cdc0cd5559a7',
      'client-secret',
      'secret-api-key',
    ]) {
      expect(dump).not.toContain(secret)
    }
  })

  it('can be read with the key it was applied with, and with no other', async () => {
    await apply(aSetup('sealed'))
    await expect(assertSecretsReadable(pooled(dataSource), box)).resolves.toBeUndefined()
    const other = createSecretBox(Buffer.alloc(32, 8))
    await expect(assertSecretsReadable(pooled(dataSource), other)).rejects.toThrow(
      /secrets of .*sealed\/annex/,
    )
  })

  it('exports a document that can be applied again once its secrets are filled in', async () => {
    await apply(
      aSetup('round', {
        members: [
          { ref: 'm', email: 'm@example.com', annexId: 'm@example.com', credits: [{ ref: 'o', points: 5 }] },
        ],
      }),
    )
    const { tenants } = (await exportSetup(stores.setup)) as unknown as { tenants: readonly Exported[] }
    const tenant = structuredClone(
      present(
        tenants.find(({ key }) => key === 'round'),
        'the exported tenant',
      ),
    )
    for (const apiKey of tenant.apiKeys) apiKey['key'] = 'round-api-key'
    tenant.annex['secrets'] = ['round-secret']
    for (const till of tenant.capillary.tills) till['password'] = 'server123'
    for (const client of tenant.capillary.oauthClients) client['secret'] = 'client-secret'
    const changes = await apply({ version: 1, tenants: [tenant] })
    const touched = Object.entries(changes['round']!).filter(
      ([, { created, updated, removed }]) => created + updated + removed > 0,
    )
    expect(touched).toEqual([])
  })
})

describe('members of a setup', () => {
  it('become one member when they share a linking key, with their opening balances booked once', async () => {
    const document = aSetup('people', {
      members: [
        {
          ref: 'shop',
          firstName: 'Tom',
          email: 'Tom@Example.com',
          annexId: 'tom@example.com',
          credits: [{ ref: 'opening', points: 60 }],
        },
        {
          ref: 'till',
          lastName: 'Sawyer',
          email: 'tom@example.com',
          identifiers: [{ type: 'mobile', value: '9197' }],
          credits: [{ ref: 'opening', points: 50 }],
        },
      ],
    })
    await apply(document)
    await apply(document)
    const tenant = await tenantOf('people')
    const [shop, till] = [await walletOf(tenant, 'shop'), await walletOf(tenant, 'till')]
    expect(till.member.id).toBe(shop.member.id)
    expect(shop).toMatchObject({
      available: '110',
      lifetime: '110',
      member: { firstName: 'Tom', lastName: 'Sawyer', mobile: '9197' },
    })
    expect(tenant.setup.defaultProgram.tiers.find(({ id }) => id === shop.member.tierId)!.name).toBe('Gold')
  })

  it('are refused with their place when they would join two members into one', async () => {
    const problems = await problemsOf(
      aSetup('merge', {
        members: [
          { ref: 'a', email: 'a@example.com' },
          { ref: 'b', identifiers: [{ type: 'mobile', value: '42' }] },
          { ref: 'c', email: 'a@example.com', identifiers: [{ type: 'mobile', value: '42' }] },
        ],
      }),
    )
    expect(problems).toEqual([
      expect.stringMatching(/^tenants\[0\]\.members\[2\]: the (email|mobile) belongs to another member$/),
    ])
  })
})

describe('a sandbox', () => {
  it('has its points expire as its clock is moved, and gives them back on a reset', async () => {
    const credits = [{ ref: 'o', points: 30, expires: '2090-04-28T06:02:06Z' }]
    await apply(aSetup('clock', { members: [{ ref: 'm', email: 'm@example.com', credits }] }))
    expect((await walletOf(await tenantOf('clock'), 'm')).available).toBe('30')

    await moveClock(deps, 'clock', { now: instantOf(Date.parse('2090-04-28T06:02:05Z')) }, 'test')
    expect((await walletOf(await tenantOf('clock'), 'm')).available).toBe('30')
    await moveClock(deps, 'clock', { advanceSeconds: 2 }, 'test')
    expect((await walletOf(await tenantOf('clock'), 'm')).available).toBe('0')

    await resetSandbox(deps, 'clock', 'test')
    const { id, setup } = await tenantOf('clock')
    expect(
      await stores.members.page(id, {
        first: 5,
        after: null,
        order: 'NUMBER',
        only: null,
        programId: setup.defaultProgram.id,
        looksBeyond: true,
      }),
    ).toMatchObject({
      rows: [{}],
    })
    await moveClock(deps, 'clock', { real: true }, 'test')
    await resetSandbox(deps, 'clock', 'test')
    expect((await walletOf(await tenantOf('clock'), 'm')).available).toBe('30')
  })

  it('is the only kind of tenant that can be moved or reset', async () => {
    await apply(aSetup('real', { sandbox: false }))
    await expect(moveClock(deps, 'real', { advanceSeconds: 1 }, 'test')).rejects.toMatchObject({
      code: 'NOT_A_SANDBOX',
    })
    await expect(resetSandbox(deps, 'real', 'test')).rejects.toMatchObject({ code: 'NOT_A_SANDBOX' })
    await expect(resetSandbox(deps, 'nobody', 'test')).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' })
  })
})
