import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_ADMIN_KEY } from '../../src/config/config'
import { silentLog } from '../../src/persistence/log'
import { openDatabase } from '../../src/persistence/open-database'
import { annexHeaders, annexToken } from '../support/annex-client'
import { basic } from '../support/capillary-client'
import { runLoyalty, type ServerProcess, startServer, temporaryFolder } from '../support/server-process'

const SITE = { siteId: 'crash-site', secret: 'crash-secret' }
const TILL = { code: 'crash.till', password: 'secret' }
const SETUP = {
  version: 1,
  tenants: [
    {
      key: 'crash',
      name: 'Crash',
      currency: 'EUR',
      annex: { siteId: SITE.siteId, secrets: [SITE.secret] },
      capillary: { orgId: 7, region: 'india', tills: [{ ...TILL, store: 'crash' }] },
      programs: [
        {
          key: 'main',
          programId: 1,
          default: true,
          purchase: { actionId: 109, ratio: '1' },
          transactions: { pointsPerCurrencyUnit: '1', basis: 'bill-net' },
          tiers: [{ name: 'Base' }],
        },
      ],
      members: [
        { ref: 'm', email: 'm@example.com', annexId: 'm@example.com' },
        { ref: 'q', identifiers: [{ type: 'mobile', value: '9100', source: 'INSTORE', accountId: '' }] },
      ],
    },
  ],
}
const CLIENTS = 4
const POINTS_EACH = 7

const folder = temporaryFolder()
const servers: ServerProcess[] = []

afterAll(async () => {
  for (const server of servers) server.kill('SIGTERM')
  await Promise.all(servers.map(({ exited }) => exited))
  folder.remove()
})

async function start(): Promise<ServerProcess> {
  const file = join(folder.path, 'setup.json')
  writeFileSync(file, JSON.stringify(SETUP))
  const server = await startServer(join(folder.path, 'data'), { SETUP_FILE: file })
  servers.push(server)
  return server
}

const postOrder = async ({ url }: ServerProcess, id: string): Promise<number> => {
  const body = JSON.stringify({
    id,
    userId: 'm@example.com',
    orderDetail: [{ id: 'p', quantity: 1, unitPrice: POINTS_EACH }],
  })
  const headers = annexHeaders(SITE, annexToken(SITE, body))
  return (await fetch(`${url}/api/3.0/orders`, { method: 'POST', headers, body })).status
}

/** As clients do, who take a 503 of a server that is busy for a broken call: send it again. */
async function postAgain(server: ServerProcess, id: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    const status = await postOrder(server, id)
    if (status !== 503 || tries === 20) return status
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function pointsOf({
  url,
}: ServerProcess): Promise<{ availablePoints: number; lifetimePoints: number }> {
  const headers = annexHeaders(SITE, annexToken(SITE, '"m@example.com"'))
  return (await fetch(`${url}/api/3.0/points/m@example.com`, { headers })).json() as never
}

interface SaleAnswer {
  readonly createdId: number
  readonly warnings: readonly { readonly code: number }[]
}

async function postSale({ url }: ServerProcess, billNumber: string, more: string): Promise<SaleAnswer> {
  const answer = await fetch(
    `${url}/v2/transactions?identifierName=mobile&identifierValue=9100&source=INSTORE${more}`,
    {
      method: 'POST',
      headers: { authorization: basic(TILL), 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'REGULAR', billNumber, billAmount: POINTS_EACH }),
    },
  )
  expect(answer.status).toBe(200)
  return answer.json() as never
}

async function pointsOfSale({ url }: ServerProcess, id: number): Promise<number> {
  const answer = await fetch(`${url}/v2/earning/${id}`, { headers: { authorization: basic(TILL) } })
  type Points = { readonly currentPointsSummary: { readonly availablePoints: number } }
  const { billDetails } = (await answer.json()) as {
    billDetails: { pointsEarningEntities: { billPoints: readonly Points[] } }
  }
  return billDetails.pointsEarningEntities.billPoints[0]!.currentPointsSummary.availablePoints
}

/** Posts orders one after the other until the server is gone; collects the ids that were acknowledged. */
async function client(server: ServerProcess, name: number, acknowledged: string[]): Promise<string | null> {
  for (let n = 0; n < 10_000; n++) {
    const id = `order-${name}-${n}`
    const status = await postOrder(server, id).catch(() => null)
    if (status === null) return id
    if (status === 200) acknowledged.push(id)
  }
  return null
}

describe('a server killed with SIGKILL while orders come in', () => {
  it('has every acknowledged order exactly once after the next start, and the ledger adds up', async () => {
    const first = await start()
    const acknowledged: string[] = []
    const clients = Array.from({ length: CLIENTS }, (_, name) => client(first, name, acknowledged))
    setTimeout(() => first.kill('SIGKILL'), 1_500)
    const unknown = (await Promise.all(clients)).filter((id): id is string => id !== null)
    expect(await first.exited).toBeNull()
    expect(acknowledged.length).toBeGreaterThan(50)

    const second = await start()
    // Acknowledged: a repeat is a duplicate. Unknown: either it was stored, or the repeat stores it; once in any case.
    const repeats = await Promise.all(acknowledged.slice(-20).map((id) => postAgain(second, id)))
    expect(new Set(repeats)).toEqual(new Set([409]))
    for (const id of unknown) expect([200, 409]).toContain(await postAgain(second, id))

    const orders = acknowledged.length + unknown.length
    expect(await pointsOf(second)).toMatchObject({
      availablePoints: orders * POINTS_EACH,
      lifetimePoints: orders * POINTS_EACH,
    })
    const verified = await runLoyalty(['verify-ledger'], { DATA_DIR: join(folder.path, 'data') })
    expect(verified).toMatchObject({ code: 0 })
  }, 120_000)

  it('books once, after the next start, what it had answered and not yet done', async () => {
    const first = servers.at(-1)!
    expect((await postSale(first, 'sync', '')).warnings).toEqual([])
    const beside = await openDatabase({
      place: { kind: 'embedded', dataDir: join(folder.path, 'data') },
      purpose: 'tool',
      poolSize: 2,
      log: silentLog,
      // As the owner: the application's role may not lock a wallet from outside the ledger.
      schema: 'any',
    })
    const runner = beside.dataSource.createQueryRunner()
    await runner.startTransaction()
    // Whoever would book the points waits for the wallet, and is killed while it waits.
    await runner.query(`select from account where member_id is not null order by account_id for update`)
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) => postSale(first, `later-${n}`, '&use_async=true')),
    )
    for (const { createdId, warnings } of answers) {
      expect(createdId).toBeGreaterThan(0)
      expect(warnings).toMatchObject([{ code: 687 }])
    }
    first.kill('SIGKILL')
    expect(await first.exited).toBeNull()
    const waiting = await runner.query(`select 1 from job where state = 'READY'`)
    expect(waiting).toHaveLength(5)
    await runner.rollbackTransaction()
    await runner.release()
    await beside.close()

    const second = await start()
    const drained = await fetch(`${second.url}/admin/jobs/drain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${DEMO_ADMIN_KEY}` },
      body: JSON.stringify({ tenant: 'crash' }),
    })
    expect(await drained.json()).toEqual({ remaining: 0 })
    const wallet = await fetch(
      `${second.url}/v2/customers/lookup/points/balance?identifierName=mobile&identifierValue=9100`,
      { headers: { authorization: basic(TILL) } },
    )
    expect(await wallet.text()).toContain(`"mainPoints":${6 * POINTS_EACH}`)
    for (const { createdId } of answers) expect(await pointsOfSale(second, createdId)).toBe(POINTS_EACH)
    const verified = await runLoyalty(['verify-ledger'], { DATA_DIR: join(folder.path, 'data') })
    expect(verified).toMatchObject({ code: 0 })
  }, 120_000)

  it('stops cleanly on SIGTERM, and leaves no PostgreSQL behind', async () => {
    const last = servers.at(-1)!
    last.kill('SIGTERM')
    expect(await last.exited).toBe(0)
    await expect(fetch(`${last.url}/healthz`)).rejects.toThrow('fetch failed')
  }, 30_000)
})
