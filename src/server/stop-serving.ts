import type { FastifyInstance } from 'fastify'
import type { Log } from './log'

const GRACE_MS = 10_000

/** Takes no new connections, finishes the requests that run, and cuts what takes longer than ten seconds. */
export async function stopServing(server: FastifyInstance, log: Log, graceMs = GRACE_MS): Promise<void> {
  const cut = setTimeout(() => {
    log.warn('cutting requests that did not end in time')
    server.server.closeAllConnections()
  }, graceMs)
  await server.close()
  clearTimeout(cut)
}
