import type { FastifyInstance } from 'fastify'
import type { Log } from './log'

const GRACE_MS = 10_000

export interface StopOptions {
  /** How long requests are still taken while `/readyz` says 503: as long as whoever balances the load needs to see it. */
  readonly delayMs: number
  readonly log: Log
  readonly graceMs?: number
}

/**
 * Goes on serving for a while, then takes no new connections, finishes the requests that run, and cuts what takes longer
 * than ten seconds. Answers given meanwhile close their connection, so that clients move on by themselves.
 */
export async function stopServing(
  server: FastifyInstance,
  { delayMs, log, graceMs = GRACE_MS }: StopOptions,
): Promise<void> {
  if (delayMs > 0 && server.server.listening) await new Promise((resolve) => setTimeout(resolve, delayMs))
  const cut = setTimeout(() => {
    log.warn('cutting requests that did not end in time')
    server.server.closeAllConnections()
  }, graceMs)
  // A connection whose last answer was under way when the closing began would be kept alive for another.
  const idle = setInterval(() => server.server.closeIdleConnections(), 50)
  await server.close()
  clearInterval(idle)
  clearTimeout(cut)
}
