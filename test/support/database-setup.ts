import { startTestServer } from './test-server'

/** jest's globalSetup: one PostgreSQL and one migrated template for the whole run. */
export default async function setup(): Promise<void> {
  await startTestServer()
}
