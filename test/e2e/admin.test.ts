import { createHash } from 'node:crypto'
import { annexGet, annexPost } from '../support/annex-client'
import { sender } from '../support/door-world'
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/test-app'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const SETUP = `
version: 1
tenants:
  - key: admin-demo
    name: Demo
    sandbox: true
    currency: EUR
    apiKeys: [{ name: front, key: front-secret-key, scopes: [read] }]
    programs: [{ key: main, programId: 7, default: true, tiers: [{ name: Base }] }]
    members: [{ ref: m, email: canary-admin@example.com }]
`

const call = (
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  payload?: string | object,
  key: string | null = ADMIN_KEY,
) =>
  app.server.inject({
    method,
    url,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  })

describe('/admin', () => {
  it('applies a YAML document, says what changed per kind, and exports it without secrets', async () => {
    const applied = await call('PUT', '/admin/setup', SETUP)
    expect(applied.statusCode).toBe(200)
    expect(applied.json()).toMatchObject({
      changes: { 'admin-demo': { tenants: { created: 1 }, members: { created: 1 } } },
    })
    const exported = await call('GET', '/admin/setup')
    expect(exported.json()).toMatchObject({ tenants: [{ key: 'admin-demo', members: [{ ref: 'm' }] }] })
    expect(exported.body).not.toContain('front-secret-key')
  })

  it('serves the JSON Schema of the document', async () => {
    const schema = (await call('GET', '/admin/setup/schema')).json<{ properties: object }>()
    expect(Object.keys(schema.properties)).toEqual(['version', 'tenants'])
  })

  it.each([
    ['without a key', null],
    ['with a wrong key', 'guess'],
  ])('is closed %s', async (_, key) => {
    for (const [method, url] of [
      ['GET', '/admin/setup'],
      ['PUT', '/admin/setup'],
      ['POST', '/admin/tenants/admin-demo/reset'],
    ] as const) {
      expect((await call(method, url, undefined, key)).statusCode).toBe(401)
    }
  })

  it.each([
    ['nothing', ''],
    ['half a document', 'version: 1\ntenants: ['],
    ['a list', '[1,2]'],
    ['a NUL', 'version: 1\0'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(8).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}`,
    ],
    ['1 MB of nonsense', 'x'.repeat(1_000_000)],
    ['too much', 'x'.repeat(2_000_000)],
    ['a prototype', '{"version":1,"tenants":[],"__proto__":{"a":1}}'],
  ])('refuses a document that is %s in its own words', async (_, payload) => {
    const answer = await call('PUT', '/admin/setup', payload)
    expect([400, 413]).toContain(answer.statusCode)
    expect(answer.json()).toMatchObject({
      error: { code: expect.any(String) as string, message: expect.any(String) as string },
    })
  })

  it('refuses what would take long, and says how much is taken at once', async () => {
    const tenant = { name: 'Long', currency: 'EUR', programs: [{ key: 'main', programId: 7, default: true }] }
    const tills = Array.from({ length: 201 }, (_, n) => ({ code: `long.${n}`, store: 's', password: 'p' }))
    const members = Array.from({ length: 10_001 }, (_, n) => ({ ref: `m${n}` }))
    const big = { ...tenant, key: 'long', capillary: { orgId: 8008, region: 'eu', tills }, members }
    const many = Array.from({ length: 100 }, (_, n) => ({ ...tenant, key: `long-${n}` }))
    const answer = await call('PUT', '/admin/setup', { version: 1, tenants: [big, ...many] })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      error: {
        problems: [
          { message: expect.stringContaining('101 tenants, and 100 are taken at once') as string },
          { message: expect.stringContaining('201 tills and OAuth clients, and 200') as string },
          {
            message: expect.stringContaining(
              '10001 members, credits and places in groups, and 10000',
            ) as string,
          },
        ],
      },
    })
  })

  it('moves a sandbox clock and puts it back', async () => {
    const moved = await call('POST', '/admin/tenants/admin-demo/clock', { now: '2031-06-15T06:30:00Z' })
    expect(moved.json<{ now: string }>().now).toMatch(/^2031-06-15T06:30:0/)
    const advanced = await call('POST', '/admin/tenants/admin-demo/clock', { advanceSeconds: 301 })
    expect(advanced.json<{ now: string }>().now).toMatch(/^2031-06-15T06:35:0/)
    const real = await call('POST', '/admin/tenants/admin-demo/clock', { real: true })
    expect(Math.abs(Date.parse(real.json<{ now: string }>().now) - Date.now())).toBeLessThan(5_000)
  })

  it.each([
    {},
    { now: 'yesterday' },
    { advanceSeconds: '1' },
    { advanceSeconds: 1e300 },
    { real: false },
    { now: '9999-12-31T23:59:59Z' },
    { advanceSeconds: -3_000_000_000 },
    { now: '2031-06-15T06:30:00Z', real: true },
  ])('refuses the clock move %j and leaves the clock', async (move) => {
    expect((await call('POST', '/admin/tenants/admin-demo/clock', move)).statusCode).toBe(400)
    expect(await app.rows('select 1 from tenants where clock_offset_ms <> 0')).toEqual([])
  })

  it('answers 404 for what does not exist and 405 for another method', async () => {
    expect((await call('POST', '/admin/tenants/nobody/reset')).statusCode).toBe(404)
    expect((await call('GET', '/admin/nothing')).statusCode).toBe(404)
    expect((await call('POST', '/admin/setup')).statusCode).toBe(405)
  })

  it('drains the background work of a tenant, at the time of its sandbox', async () => {
    const credits = [{ ref: 'o', points: 5, expires: '2040-01-01T00:00:00Z' }]
    await app.apply({
      version: 1,
      tenants: [
        {
          key: 'due',
          name: 'Due',
          sandbox: true,
          currency: 'EUR',
          programs: [{ key: 'main', programId: 7, default: true }],
          members: [{ ref: 'm', email: 'due@example.com', credits }],
        },
      ],
    })
    await call('POST', '/admin/tenants/due/clock', { now: '2039-12-31T23:00:00Z' })
    expect((await call('POST', '/admin/jobs/drain', { tenant: 'due' })).json()).toEqual({ remaining: 0 })
    const lapsed = () => app.rows(`select 1 from entry where kind = 'EXPIRE'`)
    expect(await lapsed()).toEqual([])
    await call('POST', '/admin/tenants/due/clock', { advanceSeconds: 7200 })
    expect((await call('POST', '/admin/jobs/drain', { tenant: 'due', timeoutSeconds: 5 })).json()).toEqual({
      remaining: 0,
    })
    expect(await lapsed()).toHaveLength(1)
    expect(await app.rows('select * from outbox')).toEqual([])
    for (const tenant of ['nobody', '\0'])
      expect((await call('POST', '/admin/jobs/drain', { tenant })).statusCode).toBe(404)
    expect((await call('POST', '/admin/jobs/drain', { tenant: 'due', timeoutSeconds: -1 })).statusCode).toBe(
      400,
    )
  })

  it('lapses points once and moves tiers when the clock moves a year, and lets nobody spend what lapsed before the sweeper came', async () => {
    await app.apply({
      version: 1,
      tenants: [
        {
          key: 'year',
          name: 'Year',
          annex: { siteId: 'site-year', siteName: 'year', secrets: ['year-secret'] },
          capillary: {
            orgId: 7007,
            region: 'demo',
            tills: [{ code: 'till.year', store: 'year', password: 'year-till' }],
          },
          sandbox: true,
          currency: 'EUR',
          apiKeys: [{ name: 'front', key: 'year-secret-key', scopes: ['read', 'write'] }],
          programs: [
            {
              key: 'main',
              programId: 7,
              default: true,
              expiry: { months: 6 },
              purchase: { actionId: 1, ratio: '1' },
              tierPeriod: { of: { months: 12 } },
              tiers: [
                { name: 'Silver', minLifetimePoints: 0 },
                { name: 'Gold', minPeriodPoints: 100, minPeriodSpend: '500' },
                { name: 'Platinum', minPeriodPoints: 1000 },
              ],
            },
          ],
          members: [
            {
              ref: 'm',
              annexId: 'year@example.com',
              identifiers: [{ type: 'mobile', value: '4915112345678' }],
              credits: [{ ref: 'late', points: 7, expires: 'never', lifetime: false }],
            },
          ],
        },
      ],
    })
    const clock = (move: object) => call('POST', '/admin/tenants/year/clock', move)
    const graph = async <Data>(query: string, variables: object = {}) =>
      (await call('POST', '/graphql', { query, variables }, 'year-secret-key')).json<{ data: Data }>().data
    const identity = '{ door: "annex", type: "id", value: "year@example.com" }'
    const redeem = async (points: string) =>
      (
        await graph<{ redeemPoints: object }>(
          `mutation ($points: Points!) { redeemPoints(input: { identity: ${identity}, points: $points }) {
             userErrors { code } balance { available } } }`,
          { points },
        )
      ).redeemPoints
    const standing = async () =>
      (
        await graph<{
          member: object
        }>(`{ member(identity: ${identity}) { tier { name } points { available lifetime }
          tierProgress { next { name } pointsMissing } periodStanding { points spend { amount } changesAt }
          tierAfterPeriod { name } tierHistory { tier { name } reason from } } }`)
      ).member
    const site = { siteId: 'site-year', secret: 'year-secret' }
    // A token is as old as the sandbox's clock says.
    const twist = (now: string) => ({ claims: { exp: Date.parse(now) / 1000 + 300 } })
    const annex = async (path: string, now: string) =>
      (
        await sender(app.server)(annexGet(site, `/api/3.0/${path}`, 'year@example.com', twist(now)))
      ).json<object>()
    const capillary = async (path: string) => {
      const [{ member_id } = { member_id: '' }] = await app.rows<{ member_id: string }>(
        `select m.member_id from memberships m join tenants t using (tenant_id) where t.key = 'year'`,
      )
      const till = `till.year:${createHash('md5').update('year-till').digest('hex')}`
      return (
        await app.server.inject({
          url: `/v2/customers/${member_id}/${path}`,
          headers: { authorization: `Basic ${Buffer.from(till).toString('base64')}` },
        })
      ).json<object>()
    }

    await clock({ now: '2039-01-10T12:00:00Z' })
    const body = {
      id: 'o1',
      userId: 'year@example.com',
      orderDetail: [{ id: 'p', quantity: 1, unitPrice: 120 }],
    }
    const placed = await sender(app.server)(
      annexPost(site, '/api/3.0/orders', body, twist('2039-01-10T12:00:00Z')),
    )
    expect(placed.json()).toMatchObject({ previousTier: 'Silver', updatedUserTier: 'Gold' })
    expect(await redeem('1')).toMatchObject({ userErrors: [], balance: { available: '126' } })
    expect(await standing()).toMatchObject({
      tier: { name: 'Gold' },
      tierProgress: { next: { name: 'Platinum' }, pointsMissing: '880' },
      periodStanding: { points: '120', spend: { amount: '120' }, changesAt: '2040-01-10T00:00:00.000Z' },
      tierAfterPeriod: { name: 'Silver' },
    })
    expect(await annex('users/year%40example.com/tiers', '2039-01-10T12:00:00Z')).toMatchObject({
      currentTier: 'Gold',
      pointsToNextTier: '880',
    })
    expect(await capillary('tierDetails')).toMatchObject({
      programTiers: [{ currentTierName: 'Gold', tierExpiryDate: '2040-01-09 23:59:59' }],
    })

    await clock({ advanceSeconds: 365 * 86_400 })
    // Nobody swept yet.
    expect(await redeem('8')).toMatchObject({ userErrors: [{ code: 'INSUFFICIENT_POINTS' }] })
    expect(await redeem('7')).toMatchObject({ userErrors: [], balance: { available: '0' } })
    const after = {
      tier: { name: 'Silver' },
      points: { available: '0', lifetime: '120' },
      tierProgress: { next: { name: 'Gold' }, pointsMissing: '100' },
      periodStanding: { points: '0', spend: { amount: '0' }, changesAt: null },
      tierAfterPeriod: null,
      tierHistory: [
        { tier: { name: 'Silver' }, reason: 'PERIOD_ENDED', from: '2040-01-10T00:00:00.000000Z' },
        { tier: { name: 'Gold' }, reason: 'REACHED' },
        { tier: { name: 'Silver' }, reason: 'JOINED' },
      ],
    }
    expect(await standing()).toMatchObject(after)
    for (let times = 0; times < 2; times++)
      await call('POST', '/admin/jobs/drain', { tenant: 'year', timeoutSeconds: 5 })
    expect(await standing()).toMatchObject(after)
    expect(
      await app.rows(
        `select d_available from entry e join tenants t using (tenant_id) where t.key = 'year' and kind = 'EXPIRE'`,
      ),
    ).toEqual([{ d_available: '-119000' }])
    expect(await annex('points/year%40example.com', '2040-01-10T12:00:00Z')).toMatchObject({
      pointsToNextTier: 100,
      spendToNextTier: 500,
    })
    expect(await annex('users/year%40example.com/tiers', '2040-01-10T12:00:00Z')).toMatchObject({
      ...{ currentTier: 'Silver', previousTier: 'Gold', nextTier: 'Gold', pointsToNextTier: '100' },
    })
    expect(await capillary('loyaltyDetails')).toMatchObject({
      data: [{ currentSlab: 'Silver', nextSlab: 'Gold' }],
    })
    expect(await capillary('tierDetails')).not.toMatchObject({
      programTiers: [{ tierExpiryDate: expect.anything() }],
    })
  })

  it('lets members reach what changed tiers give, and lose what they take, though they do not move, and once', async () => {
    const credited = (ref: string, points: number) => ({
      ref,
      email: `${ref}@example.com`,
      credits: [{ ref: 'o', points, expires: 'never' }],
    })
    const withGoldFrom = async (minLifetimePoints: number, more: object = {}) => {
      await app.apply({
        version: 1,
        tenants: [
          {
            key: 'moving',
            name: 'Moving',
            sandbox: true,
            currency: 'EUR',
            programs: [
              {
                key: 'main',
                programId: 7,
                default: true,
                tiers: [
                  { name: 'Silver', minLifetimePoints: 0 },
                  { name: 'Gold', minLifetimePoints },
                ],
                ...more,
              },
            ],
            members: [credited('many', 120), credited('some', 30), credited('few', 5)],
          },
        ],
      })
    }
    const drained = () => call('POST', '/admin/jobs/drain', { tenant: 'moving', timeoutSeconds: 5 })
    const standing = async () =>
      (
        await app.rows<{ all: string }>(
          `select string_agg(r.name || ' ' || p.reason, ', ' order by p.period) as all
             from tier_period p join tiers r using (tenant_id, tier_id) join tenants t using (tenant_id)
            where t.key = 'moving' group by p.member_id order by p.member_id`,
        )
      ).map(({ all }) => all)
    await withGoldFrom(100)
    const before = await standing()
    expect(before).toEqual([expect.stringMatching(/Gold REACHED$/), 'Silver JOINED', 'Silver JOINED'])
    await withGoldFrom(20)
    expect(await standing()).toEqual(before)
    await drained()
    expect(await standing()).toEqual([before[0], `${before[1]}, Gold REACHED`, before[2]])
    await withGoldFrom(500)
    for (let times = 0; times < 2; times++) await drained()
    const lost = 'Silver NO_LONGER_REACHED'
    const after = [`${before[0]}, ${lost}`, `${before[1]}, Gold REACHED, ${lost}`, before[2]]
    expect(await standing()).toEqual(after)
    expect(await app.rows('select * from tier_reviews')).toEqual([])
    // Another setup that leaves the tiers alone asks for nothing.
    await withGoldFrom(500, { title: 'Other' })
    expect(await app.rows('select * from tier_reviews')).toEqual([])
  })

  it('resets a sandbox', async () => {
    expect((await call('POST', '/admin/tenants/admin-demo/reset')).json()).toEqual({
      tenant: 'admin-demo',
      members: 1,
    })
  })

  it('does not exist where no key is configured', async () => {
    const closed = await startTestApp({ environment: { ADMIN_API_KEY: '' } })
    const answer = await closed.server.inject({
      method: 'GET',
      url: '/admin/setup',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    })
    expect(answer.statusCode).toBe(404)
    await closed.close()
  })

  it('keeps what was changed, by whom, in which request and why, and shows it page by page', async () => {
    const headers = {
      authorization: `Bearer ${ADMIN_KEY}`,
      'x-request-id': 'change-7',
      'x-change-reason': 'more points in spring',
    }
    const change = (name: string) =>
      app.server.inject({
        method: 'PUT',
        url: '/admin/setup',
        headers,
        payload: SETUP.replace('name: Demo', `name: ${name}`),
      })
    for (const name of ['Spring', 'Summer', 'Summer']) expect((await change(name)).statusCode).toBe(200)
    const trail = async (query: string) =>
      (await call('GET', `/admin/audit?tenant=admin-demo&${query}`)).json<{
        entries: Record<string, unknown>[]
        next: string | null
      }>()
    const { entries, next } = await trail('limit=2')
    expect(entries[0]).toMatchObject({
      tenant: 'admin-demo',
      actor: 'admin',
      action: 'setup.apply',
      requestId: 'change-7',
      reason: 'more points in spring',
    })
    // The last one changed nothing, and says so.
    expect(entries[0]!['afterHash']).toBe(entries[0]!['beforeHash'])
    expect(entries[1]!['afterHash']).not.toBe(entries[1]!['beforeHash'])
    expect(entries[1]!['afterHash']).toBe(entries[0]!['beforeHash'])
    const [older] = (await trail(`limit=1&before=${next}`)).entries
    expect(older!['afterHash']).toBe(entries[1]!['beforeHash'])
    expect((await call('GET', '/admin/audit?limit=1000')).statusCode).toBe(400)
    expect((await call('GET', '/admin/audit', undefined, null)).statusCode).toBe(401)
  })

  it('takes nothing out of the audit log, and keeps nothing there of a change that was refused', async () => {
    const count = async () => (await app.rows<{ n: string }>('select count(*) as n from audit_log'))[0]!.n
    const before = await count()
    for (const statement of [
      'delete from audit_log',
      `update audit_log set actor = 'x'`,
      'truncate audit_log',
    ])
      await expect(app.rows(statement)).rejects.toThrow('the audit log is only added to')
    expect(
      (await call('PUT', '/admin/setup', SETUP.replace('currency: EUR', 'currency: EUROS'))).statusCode,
    ).toBe(400)
    expect(await count()).toBe(before)
  })

  it('leaves an audit trail, and nothing personal in the log', async () => {
    const actions = await app.rows<{ action: string }>('select distinct action from audit_log order by 1')
    expect(actions.map(({ action }) => action)).toEqual(['sandbox.clock', 'sandbox.reset', 'setup.apply'])
    for (const secret of ['canary-admin', 'front-secret-key', ADMIN_KEY])
      expect(app.logged.join('\n')).not.toContain(secret)
  })
})
