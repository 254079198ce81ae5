import type { DataSource } from 'typeorm'

/** The database would lose or tear what it confirmed, or is too old; the message names every reason. */
export class DatabaseNotDurable extends Error {
  override readonly name = 'DatabaseNotDurable'
  constructor(readonly problems: readonly string[]) {
    super(`This database cannot keep a ledger: ${problems.join('; ')}.`)
  }
}

const OLDEST_SUPPORTED = 150_000

/**
 * Refuses a database that does not keep what it confirms. Asked at every start, because no crash of a process would
 * ever show that `fsync` is off; only a power cut does.
 */
export async function assertDurability(dataSource: DataSource): Promise<void> {
  const problems = await durabilityProblems(dataSource)
  if (problems.length > 0) throw new DatabaseNotDurable(problems)
}

async function durabilityProblems(dataSource: DataSource): Promise<string[]> {
  const settings = await dataSource.query<{ name: string; setting: string }[]>(
    `select name, setting from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num')`,
  )
  return settings.flatMap(({ name, setting }) => problemOf(name, setting))
}

function problemOf(name: string, setting: string): string[] {
  if (name === 'server_version_num') {
    return Number(setting) >= OLDEST_SUPPORTED
      ? []
      : [`it is PostgreSQL ${setting}, and 15 or newer is needed`]
  }
  // remote_apply and remote_write wait for a standby as well as for the local disk.
  const enough = name === 'synchronous_commit' ? ['on', 'remote_apply', 'remote_write'] : ['on']
  return enough.includes(setting) ? [] : [`${name} is ${setting}`]
}
