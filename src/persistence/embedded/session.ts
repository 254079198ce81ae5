import { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'

/** Who uses the embedded database. There is one server at a time; tools may work beside it. */
export type Purpose = 'server' | 'tool'

// Advisory locks live and die with their session, so a killed process never leaves one behind.
const LOCKS = 0x10ca1
const IN_USE = 1
const SERVER = 2

/** A connection of its own, whose advisory locks say who uses the database. */
export class UserSession {
  private constructor(private readonly client: Client) {}

  static async open(host: string, port: number, purpose: Purpose): Promise<UserSession> {
    const client = new Client({
      ...{ host, port, user: 'postgres', database: 'postgres' },
      application_name: `loyalty ${purpose}, process ${process.pid}`,
    })
    // The caller is told by onEnd; without a listener the error would end the process.
    client.on('error', () => undefined)
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1, $2)', [LOCKS, IN_USE])
    return new UserSession(client)
  }

  /** Becomes the server of this database: null, or who already is. Waits a moment for one that is just leaving. */
  async becomeServer(): Promise<string | null> {
    for (let tries = 0; tries < 10; tries++) {
      if (await this.tryLock(SERVER)) return null
      await sleep(50)
    }
    const { rows } = await this.client.query<{ holder: string }>(
      `select a.application_name as holder from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.granted`,
      [LOCKS, SERVER],
    )
    return rows[0]?.holder.replace('loyalty server, ', '') ?? 'just gone'
  }

  /** Gives up its use. True: nobody else uses the database, and nobody new can begin while this session lasts. */
  async leave(): Promise<boolean> {
    await this.client.query('select pg_advisory_unlock_shared($1, $2)', [LOCKS, IN_USE])
    return this.tryLock(IN_USE)
  }

  onEnd(listener: () => void): void {
    this.client.once('end', listener)
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined)
  }

  private async tryLock(lock: number): Promise<boolean> {
    const { rows } = await this.client.query<{ ok: boolean }>('select pg_try_advisory_lock($1, $2) as ok', [
      LOCKS,
      lock,
    ])
    return rows[0]?.ok === true
  }
}
