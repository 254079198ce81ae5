import { stopTestServer } from './test-server'

/** jest's globalTeardown. */
export default async function teardown(): Promise<void> {
  await stopTestServer()
}
