import type { Pool, PoolClient } from 'pg'

/** Tells of each connection of a pool once, when it is taken for the first time from now on, until the answer is called. */
export function eachConnection(pool: Pool, tell: (client: PoolClient) => void): () => void {
  const told = new WeakSet<PoolClient>()
  const taken = (client: PoolClient): void => {
    if (told.has(client)) return
    told.add(client)
    tell(client)
  }
  pool.on('acquire', taken)
  return () => void pool.off('acquire', taken)
}
