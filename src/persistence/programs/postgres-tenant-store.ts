import type { Door, LinkingKey, TenantHead, TenantSetup } from '../../domain/programs/tenant'
import type { TenantStore } from '../../domain/programs/tenant-store'
import type { TenantId } from '../../domain/shared/ids'
import type { JsonObject } from '../../domain/shared/json'
import { present } from '../../domain/shared/present'
import type { Connection, Statement } from '../sql'
import { type ProgramJson, type TierJson, toProgram } from './program-json'

/** Tenants and their setups. A setup is read once per version: sign-in says which version is in force. */
export class PostgresTenantStore implements TenantStore {
  private readonly setups = new Map<TenantId, TenantSetup>()

  constructor(private readonly connection: Connection) {}

  async headByKey(key: string): Promise<TenantHead | null> {
    const [row] = await this.connection.sql.rows<HeadRow>(HEAD_BY_KEY, [key])
    return row ? toHead(row) : null
  }

  async headById(id: TenantId): Promise<TenantHead | null> {
    const [row] = await this.connection.sql.rows<HeadRow>(HEAD_BY_ID, [id])
    return row ? toHead(row) : null
  }

  async setup(id: TenantId, version: number): Promise<TenantSetup> {
    const known = this.setups.get(id)
    if (known && known.version >= version) return known
    const [row] = await this.connection.sql.rows<SetupRow>(SETUP, [id])
    const setup = toSetup(present(row, 'the tenant'))
    this.setups.set(id, setup)
    return setup
  }
}

export interface HeadRow {
  readonly tenantId: TenantId
  readonly setupVersion: number
  readonly clockOffsetMillis: string
}

export const HEAD_COLUMNS = `t.tenant_id as "tenantId", t.setup_version as "setupVersion", t.clock_offset_ms as "clockOffsetMillis"`

export const toHead = ({ tenantId, setupVersion, clockOffsetMillis }: HeadRow): TenantHead => ({
  tenantId,
  setupVersion,
  clockOffsetMillis: Number(clockOffsetMillis),
})

const HEAD_BY_KEY: Statement = {
  name: 'tenant_by_key',
  text: `select ${HEAD_COLUMNS} from tenants t where t.key = $1`,
}
const HEAD_BY_ID: Statement = {
  name: 'tenant_by_id',
  text: `select ${HEAD_COLUMNS} from tenants t where t.tenant_id = $1`,
}

interface SetupRow {
  readonly tenantId: TenantId
  readonly version: number
  readonly key: string
  readonly name: string
  readonly sandbox: boolean
  readonly timeZone: string
  readonly currency: string
  readonly identityLinking: readonly LinkingKey[]
  readonly doors: readonly {
    readonly name: string
    readonly externalId: string
    readonly settings: JsonObject
  }[]
  readonly programs: readonly ProgramJson[]
  readonly tiers: readonly TierJson[]
}

/** Figures travel as text inside the JSON, so that no number is rounded on the way. */
const SETUP: Statement = {
  name: 'tenant_setup',
  text: `select t.tenant_id as "tenantId", t.setup_version as version, t.key, t.name, t.sandbox, t.time_zone as "timeZone",
      t.currency, t.identity_linking as "identityLinking",
      (select coalesce(json_agg(json_build_object('name', d.door, 'externalId', d.external_id, 'settings', d.settings)), '[]')
        from doors d where d.tenant_id = t.tenant_id) as doors,
      (select coalesce(json_agg(json_build_object('id', p.program_id::text, 'key', p.key, 'title', p.title,
          'isDefault', p.is_default, 'pointsDecimals', p.points_decimals,
          'pointsToCurrency', p.points_to_currency::text, 'rules', p.rules) order by p.program_id), '[]')
        from programs p where p.tenant_id = t.tenant_id and not p.retired) as programs,
      (select coalesce(json_agg(json_build_object('id', r.tier_id::text, 'programId', r.program_id::text, 'rank', r.rank,
          'name', r.name, 'minLifetimePoints', r.min_lifetime_points::text, 'minSpend', r.min_spend::text,
          'minPeriodPoints', r.min_period_points::text, 'minPeriodSpend', r.min_period_spend::text,
          'purchaseRatio', r.purchase_ratio::text) order by r.rank), '[]')
        from tiers r where r.tenant_id = t.tenant_id and not r.retired) as tiers
    from tenants t where t.tenant_id = $1`,
}

function toSetup({ doors, programs, tiers, ...row }: SetupRow): TenantSetup {
  const all = programs.map((program) => toProgram(program, tiers))
  return {
    ...row,
    programs: all,
    defaultProgram: present(
      all.find(({ isDefault }) => isDefault),
      'the default program',
    ),
    doors: new Map<string, Door>(doors.map((door) => [door.name, door])),
  }
}
