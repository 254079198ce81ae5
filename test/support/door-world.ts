import { randomBytes } from 'node:crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { LoyaltyDeps } from '../../src/domain/loyalty'
import type { CredentialStore } from '../../src/domain/programs/credentials'
import type { Stores } from '../../src/domain/stores'
import { postgresStores } from '../../src/persistence/postgres-stores'
import { PostgresCredentialStore } from '../../src/persistence/programs/postgres-credential-store'
import { createSecretBox, type SecretBox } from '../../src/persistence/programs/secret-box'
import { pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import type { Vendor } from '../../src/rest/shared/route'
import { createHttpServer } from '../../src/server/http'
import { createLog } from '../../src/server/log'
import { Readiness } from '../../src/server/readiness'
import { applySetup } from '../../src/setup/apply-setup'
import { moveClock, resetSandbox } from '../../src/setup/sandbox'
import { testDatabase } from './database'

/** What a door is made of. */
export interface DoorParts extends LoyaltyDeps {
  readonly stores: Stores
  readonly credentials: CredentialStore
  readonly box: SecretBox
}

/** Doors on the real transport, stores and ledger, over a database of their own. */
export interface DoorWorld {
  send(request: DoorRequest): Promise<LightMyRequestResponse>
  apply(document: unknown): Promise<unknown>
  /** Forgets what happened in a sandbox; the members that its setup names are there again. */
  reset(tenant: string): Promise<unknown>
  /** Sets a sandbox's clock. */
  moveTo(tenant: string, now: string): Promise<unknown>
  /** Puts a sandbox's clock back. */
  realTime(tenant: string): Promise<unknown>
  /** Rows of our own SQL. */
  query<Row = Record<string, string>>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export interface DoorRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** Opens doors for a test file: `beforeAll`, and `close()` in `afterAll`. */
export async function openDoors(
  document: unknown,
  doors: (parts: DoorParts) => readonly Vendor[],
): Promise<DoorWorld> {
  const database = await testDatabase()
  const box = createSecretBox(randomBytes(32))
  const connection = pooled(database.dataSource)
  const deps: LoyaltyDeps = {
    clock: { now: () => Date.now() },
    unitOfWork: createUnitOfWork(database.dataSource, postgresStores(box)),
  }
  const parts: DoorParts = {
    ...deps,
    box,
    stores: postgresStores(box)(connection),
    credentials: new PostgresCredentialStore(connection, box),
  }
  const apply = (setup: unknown) => applySetup(deps, setup, { prune: false, actor: 'test' })
  await apply(document)
  const server = serverOf(doors(parts))
  return {
    send: ({ method, url, headers = {}, body }) =>
      server.inject({
        method: method as 'GET',
        url,
        headers,
        ...(body === undefined ? {} : { payload: body }),
      }),
    apply,
    reset: (tenant) => resetSandbox(deps, tenant, 'test'),
    moveTo: (tenant, now) => moveClock(deps, tenant, { now: now as never }, 'test'),
    realTime: (tenant) => moveClock(deps, tenant, { real: true }, 'test'),
    query: (text, values) => database.dataSource.query(text, values),
    async close() {
      await server.close()
      await database.close()
    },
  }
}

function serverOf(vendors: readonly Vendor[]): FastifyInstance {
  const probe = { ping: async () => undefined, schemaIsCurrent: async () => true }
  return createHttpServer({
    log: createLog({ level: 'silent', pretty: false }),
    readiness: new Readiness(probe),
    vendors,
  })
}
