import { randomUUID } from 'node:crypto'

const SANE_ID = /^[\w.:-]{1,64}$/

/**
 * A caller may bring its id, under our name for it or under Capillary's, to follow a request through several systems;
 * nothing else of it gets into our logs.
 */
export function requestId({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const brought = headers['x-request-id'] ?? headers['x-cap-request-id']
  return typeof brought === 'string' && SANE_ID.test(brought) ? brought : randomUUID()
}
