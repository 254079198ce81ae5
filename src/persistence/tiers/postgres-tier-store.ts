import { In } from 'typeorm'
import type { TenantId, TierId } from '../../domain/shared/ids'
import type { Tier, TierStore } from '../../domain/tiers/tier'
import type { Connection } from '../sql'
import { translated } from '../sql-errors'
import { TierRow } from './tier.row'

/** Tiers in PostgreSQL. */
export class PostgresTierStore implements TierStore {
  constructor(private readonly connection: Connection) {}

  async findByIds(tenant: TenantId, ids: readonly TierId[]): Promise<readonly Tier[]> {
    const where = { tenantId: tenant, id: In([...ids]) }
    return this.connection.manager.find(TierRow, { where }).catch((error: unknown) => {
      throw translated(error)
    })
  }
}
