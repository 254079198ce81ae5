import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { annexHeaders, annexToken } from '../support/annex-client'
import { runLoyalty, type ServerProcess, startServer, temporaryFolder } from '../support/server-process'

const SITE = { siteId: 'crash-site', secret: 'crash-secret' }
const SETUP = {
  version: 1,
  tenants: [
    {
      key: 'crash',
      name: 'Crash',
      currency: 'EUR',
      annex: { siteId: SITE.siteId, secrets: [SITE.secret] },
      programs: [
        {
          key: 'main',
          programId: 1,
          default: true,
          purchase: { actionId: 109, ratio: '1' },
          tiers: [{ name: 'Base' }],
        },
      ],
      members: [{ ref: 'm', email: 'm@example.com', annexId: 'm@example.com' }],
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

async function pointsOf({
  url,
}: ServerProcess): Promise<{ availablePoints: number; lifetimePoints: number }> {
  const headers = annexHeaders(SITE, annexToken(SITE, '"m@example.com"'))
  return (await fetch(`${url}/api/3.0/points/m@example.com`, { headers })).json() as never
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
    const repeats = await Promise.all(acknowledged.slice(-20).map((id) => postOrder(second, id)))
    expect(new Set(repeats)).toEqual(new Set([409]))
    for (const id of unknown) expect([200, 409]).toContain(await postOrder(second, id))

    const orders = acknowledged.length + unknown.length
    expect(await pointsOf(second)).toMatchObject({
      availablePoints: orders * POINTS_EACH,
      lifetimePoints: orders * POINTS_EACH,
    })
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
