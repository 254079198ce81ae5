import { readFile } from 'node:fs/promises'
import { applySetup, type SetupOutcome } from '../../setup/apply-setup'
import { type Problem, SetupRefused } from '../../setup/problems'
import { readDocument } from '../../setup/read-document'
import { type CommandContext, type CommandMaker, EXIT, type Outcome } from '../command'
import { loyaltyDeps } from '../loyalty-deps'

export const addApply: CommandMaker = (program, run) => {
  program
    .command('apply')
    .description(
      'Applies a setup file: all of it, or nothing when anything is wrong. Applying it again changes nothing.',
    )
    .argument('<file>', 'a setup document, YAML or JSON')
    .option(
      '--prune',
      'remove programs, tiers, actions, rewards, stores, tills and clients it does not mention',
    )
    .option('--reason <text>', 'why, for the audit log')
    .option('--json', 'answer in JSON')
    .action((file: string, { prune, reason }: { prune?: true; reason?: string }) =>
      run((context) =>
        applyFile(context, file, { prune: prune === true, reason: reason?.slice(0, 500) ?? null }),
      ),
    )
}

async function applyFile(
  { config, database, progress }: CommandContext,
  file: string,
  { prune, reason }: { readonly prune: boolean; readonly reason: string | null },
): Promise<Outcome> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { exit: EXIT.usage, json: { error: said }, text: said }
  }
  const { dataSource } = await database()
  progress.start(`Applying ${file}`)
  try {
    return applied(
      await applySetup(loyaltyDeps(config, dataSource), readDocument(text), {
        prune,
        actor: 'cli',
        origin: { requestId: null, reason },
      }),
    )
  } catch (error) {
    if (error instanceof SetupRefused) return refused(error.problems)
    throw error
  }
}

function refused(problems: readonly Problem[]): Outcome {
  const lines = problems.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`)
  return {
    exit: EXIT.refused,
    json: { applied: false, problems },
    text: ['Nothing was applied:', ...lines].join('\n'),
  }
}

const applied = (outcome: SetupOutcome): Outcome => ({
  exit: EXIT.ok,
  json: { applied: true, changes: outcome },
  text: Object.entries(outcome)
    .map(([tenant, changes]) => `${tenant}: ${changesText(changes)}`)
    .join('\n'),
})

function changesText(changes: SetupOutcome[string]): string {
  const parts = Object.entries(changes).flatMap(([kind, { created, updated, removed }]) => {
    const counts = [`${created} created`, `${updated} updated`, `${removed} removed`]
    const told = counts.filter((count) => !count.startsWith('0 '))
    return told.length > 0 ? [`${kind} ${told.join(', ')}`] : []
  })
  return parts.length > 0 ? parts.join('; ') : 'nothing to change'
}
