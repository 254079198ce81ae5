import type { Config } from '../config/config'
import { encryptionKeyOf } from '../config/encryption-key'
import type { LoyaltyDeps } from '../domain/loyalty'
import type { Database } from '../persistence/open-database'
import { postgresStores } from '../persistence/postgres-stores'
import { createSecretBox } from '../persistence/programs/secret-box'
import { createUnitOfWork } from '../persistence/unit-of-work'

/** What the use cases need, for commands that call them. */
export function loyaltyDeps(config: Config, dataSource: Database['dataSource']): LoyaltyDeps {
  const box = createSecretBox(encryptionKeyOf(config).key)
  return {
    unitOfWork: createUnitOfWork(dataSource, postgresStores(box)),
    clock: { now: () => Date.now() },
  }
}
