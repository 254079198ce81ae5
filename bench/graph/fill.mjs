// A thousand members of three tiers, each with a journal of forty entries, written by the ledger itself.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const dist = (module) =>
  require(join(import.meta.dirname, '..', '..', 'dist', 'src', 'persistence', `${module}.js`))

export const MEMBERS = 1_000
export const ENTRIES = 40
const AT_ONCE = 200

export async function fill(url) {
  require('reflect-metadata')
  const { createDataSource } = dist('data-source')
  const { pooled } = dist('sql')
  const { silentLog } = dist('log')
  const { PostgresPointsLedger } = dist('points/postgres-points-ledger')
  const dataSource = createDataSource({ url }, { log: silentLog, applicationName: 'bench fill', poolSize: 2 })
  await dataSource.initialize()
  try {
    const [{ tenant_id: tenant }] = await dataSource.query('select tenant_id from tenants')
    const members = await addMembers(dataSource, tenant)
    const ledger = new PostgresPointsLedger(pooled(dataSource))
    for (let number = 1; number <= ENTRIES; number++)
      for (let start = 0; start < MEMBERS; start += AT_ONCE)
        await ledger.bulk(members.slice(start, start + AT_ONCE).map((id) => entry(tenant, id, number)))
    await dataSource.query('vacuum analyze')
  } finally {
    await dataSource.destroy()
  }
}

async function addMembers(dataSource, tenant) {
  const rows = await dataSource.query(
    `with added as (
       insert into members (tenant_id, first_name, last_name, email, mobile, status, joined_at, attributes)
       select $1, 'Tom ' || n, 'Sawyer', 'tom' || n || '@bench.example', '91974' || n, 'ACTIVE', now(), '{"size": "M"}'
         from generate_series(1, $2::integer) n
       returning member_id
     ), placed as (
       insert into memberships (tenant_id, member_id, program_id, tier_id)
       select $1, member_id, p.program_id, t.tier_id
         from added
         join programs p on p.tenant_id = $1
         join tiers t on t.tenant_id = $1 and t.rank = 1 + member_id % 3
     )
     select member_id from added order by member_id`,
    [tenant, MEMBERS],
  )
  return rows.map(({ member_id }) => member_id)
}

/** Mostly awards of odd amounts, every fifth a redemption. */
function entry(tenantId, member, number) {
  const command = {
    account: { tenantId, holder: { kind: 'MEMBER', id: member }, programId: '1', currency: 'points' },
    now: null,
    timeZone: 'UTC',
    facts: {
      actionId: null,
      reason: number % 3 === 0 ? null : `Order ${member}-${number} was "delivered"`,
      actor: 'bench',
      requestId: null,
      occurredAt: `2026-01-${String(1 + (number % 28)).padStart(2, '0')}T10:20:30.${100_000 + number * 7}Z`,
    },
    idempotency: {
      scope: 'bench',
      key: `${member}-${number}`,
      requestHash: number.toString(16).padStart(64, '0'),
    },
    purchase: null,
  }
  if (number % 5 === 0) return { verb: 'redeem', command: { ...command, points: 1_500n, ref: null } }
  return {
    verb: 'award',
    command: {
      ...command,
      source: { type: 'bench', ref: `${member}-${number}` },
      lines: [{ lineRef: '', points: BigInt(number) * 12_500n, rule: 'bench@1' }],
      maturesAt: null,
      expiresAt: 'infinity',
      countsForLifetime: true,
    },
  }
}
