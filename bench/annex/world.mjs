// A server of our own with one site and its members, and the ledger that it calls, on the same database.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { socketUrl, startRoles } from '../../scripts/subgraphs.mjs'
import { SECRET, SITE } from './http-client.mjs'

const PORT = Number(process.env.BENCH_PORT ?? 4180)
export const CALLERS = 8
export const MEMBERS = 2_000

/** Points never lapse and there is one tier more than anybody reaches: what is measured is the order. */
const SETUP = {
  version: 1,
  tenants: [
    {
      key: SITE,
      name: 'Bench',
      timeZone: 'UTC',
      currency: 'USD',
      annex: { siteId: SITE, secrets: [SECRET] },
      programs: [
        {
          key: 'main',
          programId: 1,
          default: true,
          expiry: { days: 365 },
          purchase: { actionId: 109, ratio: '1' },
          tiers: [
            { name: 'Silver', minLifetimePoints: 0 },
            { name: 'Gold', minLifetimePoints: 1_000_000_000 },
          ],
        },
      ],
    },
  ],
}

/** Starts it all, runs `work`, and leaves nothing behind. `preload` is a file that the server requires first. */
export async function inWorld(work, { preload } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-bench-'))
  const setupFile = join(folder, 'setup.json')
  writeFileSync(setupFile, JSON.stringify(SETUP))
  const dataDir = join(folder, 'data')
  const { stop, pids } = await startRoles(['unified'], {
    dataDir,
    firstPort: PORT,
    environment: {
      ...{ NODE_ENV: 'production', SETUP_FILE: setupFile },
      ...(preload && { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` }),
    },
  })
  try {
    const { dataSource, ledger, accounts } = await openLedger(socketUrl(dataDir))
    try {
      await work({ port: PORT, pid: pids.unified, dataSource, ledger, accounts })
    } finally {
      await dataSource.destroy()
    }
  } finally {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openLedger(url) {
  const require = createRequire(import.meta.url)
  require('reflect-metadata')
  const dist = (module) =>
    require(join(import.meta.dirname, '..', '..', 'dist', 'src', 'persistence', module))
  const { silentLog } = dist('log.js')
  const dataSource = dist('data-source.js').createDataSource(
    { url },
    { log: silentLog, applicationName: 'bench', poolSize: CALLERS },
  )
  await dataSource.initialize()
  const { PostgresPointsLedger } = dist('points/postgres-points-ledger.js')
  const ledger = new PostgresPointsLedger(dist('sql.js').pooled(dataSource))
  return { dataSource, ledger, accounts: await addMembers(dataSource) }
}

/** Members as `POST /users` would leave them, each with a wallet. */
async function addMembers(dataSource) {
  const [{ tenant_id: tenantId }] = await dataSource.query('select tenant_id from tenants')
  const members = await dataSource.query(
    `with member as (
       insert into members (tenant_id, status, joined_at)
       select $1, 'ACTIVE', now() from generate_series(1, $2) returning member_id
     ), identity as (
       insert into member_identities (tenant_id, member_id, door, type, source, account, value, normalized)
       select $1, member_id, 'annex', 'id', '', '', v, v from member, lateral (select 'm' || member_id || '@bench.com') x(v)
     ), place as (
       insert into memberships (tenant_id, member_id, program_id, tier_id)
       select $1, member_id, 1, (select tier_id from tiers where name = 'Silver') from member
     ), wallet as (
       insert into account (tenant_id, holder_kind, holder_id, program_id, currency)
       select $1, 'M', member_id, 1, 'points' from member
     )
     select member_id from member`,
    [tenantId, MEMBERS],
  )
  await dataSource.query('vacuum analyze')
  return members.map(({ member_id: id }) => ({
    userId: `m${id}@bench.com`,
    account: { tenantId, holder: { kind: 'MEMBER', id }, programId: '1', currency: 'points' },
  }))
}

/** What the server holds, in megabytes: the process, and what of it is heap in use. */
export function residentMegabytes(port) {
  return fetch(`http://127.0.0.1:${port}/metrics`)
    .then((answer) => answer.text())
    .then((text) => {
      const of = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / 1024 ** 2
      return { resident: of('process_resident_memory_bytes'), heap: of('nodejs_heap_size_used_bytes') }
    })
}
