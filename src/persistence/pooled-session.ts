import type { DataSource } from 'typeorm'
import type { Log } from './log'

/** Behind a pooler connections are not set up by us: what they lack is named, with the command that helps. */
export class SessionNotSet extends Error {
  override readonly name = 'SessionNotSet'
  constructor(role: string, problems: readonly string[]) {
    super(
      [
        'DATABASE_DIRECT_URL says that DATABASE_URL is a pooler. Then the settings of a session are those of the role; set them, and restart the pooler:',
        ...problems.map((setting) => `  alter role "${role}" set ${setting};`),
      ].join('\n'),
    )
  }
}

/** What `data-source.ts` asks of a session, and how a role has it. A time-out that is set is taken as it is. */
const WANTED: Readonly<
  Record<string, { readonly fits: (setting: string) => boolean; readonly set: string }>
> = {
  TimeZone: { fits: (setting) => setting === 'UTC', set: "timezone = 'UTC'" },
  DateStyle: { fits: (setting) => setting.startsWith('ISO'), set: "datestyle = 'ISO'" },
  statement_timeout: { fits: (setting) => setting !== '0', set: "statement_timeout = '4s'" },
  lock_timeout: { fits: (setting) => setting !== '0', set: "lock_timeout = '1s'" },
  idle_in_transaction_session_timeout: {
    fits: (setting) => setting !== '0',
    set: "idle_in_transaction_session_timeout = '5s'",
  },
}

/** Throws SessionNotSet where points could be misdated, or a request wait for ever; warns of a user who may rewrite the books. */
export async function assertSession(dataSource: DataSource, log: Log): Promise<void> {
  const settings = await dataSource.query<{ name: string; setting: string; user: string; owns: boolean }[]>(
    `select name, setting, current_user as "user", has_table_privilege('entry', 'insert') as owns
       from pg_settings where name = any($1)`,
    [Object.keys(WANTED)],
  )
  const problems = settings.flatMap(({ name, setting }) => {
    const wanted = WANTED[name]
    return wanted === undefined || wanted.fits(setting) ? [] : [wanted.set]
  })
  const [first] = settings
  if (problems.length > 0) throw new SessionNotSet(first?.user ?? '', problems)
  if (first?.owns)
    log.warn({ role: first.user }, 'the application may write the books: sign in as a member of loyalty_app')
}
