import { silentLog } from '../../persistence/log'
import {
  migrate,
  NotTheLastMigration,
  type SchemaState,
  schemaState,
  undoMigration,
} from '../../persistence/schema-state'
import { type CommandContext, type CommandMaker, EXIT, type Outcome } from '../command'

export const addMigrate: CommandMaker = (program, run) => {
  program
    .command('migrate')
    .description("Brings the database's schema to this version. Safe to run twice, and at the same time.")
    .option('--check', 'only tell whether the schema is current; exit code 3 when it is not')
    .option('--undo <name>', 'takes back the last migration, and what it has added with all that is in it')
    .option('--json', 'answer in JSON')
    .action(({ check, undo }: { check?: true; undo?: string }) =>
      run(check ? checkSchema : undo === undefined ? migrateSchema : undoing(undo)),
    )
}

const undoing =
  (name: string) =>
  async ({ database }: CommandContext): Promise<Outcome> => {
    try {
      await undoMigration((await database('any')).dataSource, name)
      return { exit: EXIT.ok, json: { undone: name }, text: `Took ${name} back.` }
    } catch (error) {
      if (!(error instanceof NotTheLastMigration)) throw error
      return { exit: EXIT.refused, json: { error: error.message, last: error.last }, text: error.message }
    }
  }

async function migrateSchema({ database, progress }: CommandContext): Promise<Outcome> {
  const { dataSource } = await database('any')
  progress.start('Migrating')
  const ran = await migrate(dataSource, {
    log: silentLog,
    progress: (done, total) => progress.at(done, total),
  })
  const text = ran.length > 0 ? `Ran ${ran.join(', ')}. The schema is current.` : 'The schema is current.'
  return { exit: EXIT.ok, json: { ran, schema: 'current' }, text }
}

async function checkSchema({ database }: CommandContext): Promise<Outcome> {
  const state = await schemaState((await database('any')).dataSource)
  const exit = state.kind === 'current' ? EXIT.ok : EXIT.database
  return { exit, json: { schema: state.kind, ...state, kind: undefined }, text: sentenceOf(state) }
}

function sentenceOf(state: SchemaState): string {
  if (state.kind === 'current') return 'The schema is current.'
  return state.kind === 'behind'
    ? `The schema is behind: ${state.pending.join(', ')}. Run: npm run migrate`
    : `The schema is newer than this version: ${state.unknown.join(', ')}.`
}
