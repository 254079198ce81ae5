import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { ADMIN_KEY, startTestApp, type TestApp } from './test-app'

/** A call as a vendor's client makes it. */
export interface DoorRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** The whole application with its sandboxes, as contract tests use it. */
export interface DoorWorld {
  readonly app: TestApp
  send(request: DoorRequest): Promise<LightMyRequestResponse>
  /** Forgets what happened in a sandbox; the members that its setup names are there again. */
  reset(tenant: string): Promise<void>
  /** Sets a sandbox's clock to an instant, or puts it back to `real time`. */
  moveTo(tenant: string, now: string): Promise<void>
}

/** Opens every door over a setup: in `beforeAll`, with `app.close()` in `afterAll`. */
export async function openDoors(setup: object): Promise<DoorWorld> {
  const app = await startTestApp()
  await app.apply(setup)
  const admin = async (path: string, payload: object): Promise<void> => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` }
    const answer = await app.server.inject({
      method: 'POST',
      url: `/admin/tenants/${path}`,
      headers,
      payload,
    })
    if (answer.statusCode !== 200) throw new Error(`${path} refused: ${answer.body}`)
  }
  return {
    app,
    send: sender(app.server),
    reset: (tenant) => admin(`${tenant}/reset`, {}),
    moveTo: (tenant, now) => admin(`${tenant}/clock`, now === 'real time' ? { real: true } : { now }),
  }
}

/** Sends a call to a server as it stands. */
export const sender =
  (server: FastifyInstance) =>
  ({ method, url, headers = {}, body }: DoorRequest): Promise<LightMyRequestResponse> =>
    server.inject({
      method: method as 'GET',
      url,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    })
