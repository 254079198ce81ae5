import type { Store, StoreStore, Till } from '../../domain/programs/store'
import type { StoreId, TenantId } from '../../domain/shared/ids'
import type { Page, PageRequest } from '../../domain/shared/pages'
import type { Connection, Statement } from '../sql'

/** Stores and tills in PostgreSQL. */
export class PostgresStoreStore implements StoreStore {
  constructor(private readonly connection: Connection) {}

  async findByIds(tenant: TenantId, ids: readonly StoreId[]): Promise<readonly Store[]> {
    return this.connection.sql.rows<Store>(BY_IDS, [tenant, ids])
  }

  async page(
    tenant: TenantId,
    { first, after, door }: PageRequest & { readonly door: string | null },
  ): Promise<Page<Store>> {
    const rows = await this.connection.sql.rows<Store>(PAGE, [tenant, after ?? '0', first + 1, door])
    return { rows: rows.slice(0, first), hasNext: rows.length > first }
  }

  async findByCode(tenant: TenantId, door: string, code: string): Promise<Store | null> {
    return this.first<Store>(BY_CODE, [tenant, door, code])
  }

  async findByName(tenant: TenantId, door: string, name: string): Promise<Store | null> {
    return this.first<Store>(BY_NAME, [tenant, door, name])
  }

  async findByExternalId(
    tenant: TenantId,
    door: string,
    externalId: string,
    position: number,
  ): Promise<Store | null> {
    return this.first<Store>(BY_EXTERNAL_ID, [tenant, door, externalId, position + 1])
  }

  async tillByCode(tenant: TenantId, code: string): Promise<Till | null> {
    return this.first<Till>(TILL_BY_CODE, [tenant, code])
  }

  async firstTillOf(tenant: TenantId, store: StoreId): Promise<Till | null> {
    return this.first<Till>(FIRST_TILL, [tenant, store])
  }

  private async first<Row>(statement: Statement, values: readonly unknown[]): Promise<Row | null> {
    const [row] = await this.connection.sql.rows<Row>(statement, values)
    return row ?? null
  }
}

const STORE = `select store_id as id, door, code, name, external_ids as "externalIds", attributes from stores`
const TILL = `select till_id as id, code, store_id as "storeId" from tills`

// A retired store is still found by id: what was booked on it says so for ever.
const BY_IDS: Statement = {
  name: 'stores_by_id',
  text: `${STORE} where tenant_id = $1 and store_id = any($2::bigint[])`,
}
const PAGE: Statement = {
  name: 'stores_page',
  text: `${STORE} where tenant_id = $1 and store_id > $2::bigint and not retired and ($4::text is null or door = $4)
    order by store_id limit $3`,
}
const BY_CODE: Statement = {
  name: 'store_by_code',
  text: `${STORE} where tenant_id = $1 and door = $2 and code = $3 and not retired`,
}
const BY_NAME: Statement = {
  name: 'store_by_name',
  text: `${STORE} where tenant_id = $1 and door = $2 and name = $3 and not retired order by store_id limit 1`,
}
const BY_EXTERNAL_ID: Statement = {
  name: 'store_by_external_id',
  text: `${STORE} where tenant_id = $1 and door = $2 and external_ids[$4] = $3 and not retired order by store_id limit 1`,
}
const TILL_BY_CODE: Statement = {
  name: 'till_by_code',
  text: `${TILL} where tenant_id = $1 and code = $2 and not retired`,
}
const FIRST_TILL: Statement = {
  name: 'first_till',
  text: `${TILL} where tenant_id = $1 and store_id = $2::bigint and not retired order by till_id limit 1`,
}
