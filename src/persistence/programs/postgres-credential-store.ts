import type {
  ApiKeyCredential,
  CredentialStore,
  DoorSecrets,
  OauthClientCredential,
  TillCredential,
} from '../../domain/programs/credentials'
import type { Connection, Statement } from '../sql'
import { HEAD_COLUMNS, type HeadRow, toHead } from './postgres-tenant-store'
import type { SecretBox } from './secret-box'

/** Credentials of all tenants. What must be recoverable is decrypted here and nowhere else. */
export class PostgresCredentialStore implements CredentialStore {
  constructor(
    private readonly connection: Connection,
    private readonly box: SecretBox,
  ) {}

  async apiKeyByHash(keyHash: string): Promise<ApiKeyCredential | null> {
    return this.find<{ name: string; scopes: string[] }>(API_KEY, [keyHash])
  }

  async secretsOfDoor(door: string, externalId: string): Promise<DoorSecrets | null> {
    const found = await this.find<{ externalId: string; sealed: Buffer[] }>(DOOR, [door, externalId])
    if (!found) return null
    const { sealed, ...rest } = found
    return { ...rest, secrets: sealed.map((secret) => this.box.open(secret)) }
  }

  async tillByCode(code: string): Promise<TillCredential | null> {
    return this.find<Omit<TillCredential, keyof HeadRow>>(TILL, [code])
  }

  async oauthClientByKey(clientKey: string): Promise<OauthClientCredential | null> {
    return this.find<Omit<OauthClientCredential, keyof HeadRow>>(OAUTH_CLIENT, [clientKey])
  }

  private async find<Row>(statement: Statement, values: readonly unknown[]) {
    const [row] = await this.connection.sql.rows<Row & HeadRow>(statement, values)
    return row ? { ...row, ...toHead(row) } : null
  }
}

const API_KEY: Statement = {
  name: 'credential_api_key',
  text: `select ${HEAD_COLUMNS}, k.name, k.scopes from api_keys k join tenants t using (tenant_id) where k.key_hash = $1`,
}

const DOOR: Statement = {
  name: 'credential_door',
  text: `select ${HEAD_COLUMNS}, d.external_id as "externalId", d.secrets as sealed
    from doors d join tenants t using (tenant_id) where d.door = $1 and d.external_id = $2`,
}

const TILL: Statement = {
  name: 'credential_till',
  text: `select ${HEAD_COLUMNS}, l.till_id as "tillId", l.code as "tillCode", l.store_id as "storeId", l.password_hash as "passwordHash"
    from tills l join tenants t using (tenant_id) where l.code = $1 and not l.retired`,
}

const OAUTH_CLIENT: Statement = {
  name: 'credential_oauth_client',
  text: `select ${HEAD_COLUMNS}, c.client_key as "clientKey", c.secret_hash as "secretHash", c.ttl_seconds as "ttlSeconds", c.till_code as "tillCode", c.permissions
    from oauth_clients c join tenants t using (tenant_id) where c.client_key = $1`,
}
