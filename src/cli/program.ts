import { Command, CommanderError } from 'commander'
import { EXIT, type Outcome, type Run } from './command'
import { COMMANDS } from './commands'
import { runCommand } from './run-command'

/** Runs `loyalty` with the arguments after the program's name, and answers with its exit code. */
export async function runProgram(words: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok
  const run: Run = async (work) => {
    const outcome = await runCommand(work)
    say(outcome, words.includes('--json'))
    exit = outcome.exit
  }
  const program = createProgram()
  for (const add of COMMANDS) add(program, run)
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version are asked for; anything else that commander says is a usage it does not know.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  }
  return exit
}

const createProgram = (): Command =>
  new Command('loyalty')
    .description(
      'Sets up and looks after a loyalty server. It uses the database that the server uses: DATABASE_URL, or the embedded one.',
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(loyalty help COMMAND tells more)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 refused, or an invariant is broken; 2 not understood; 3 the database cannot be reached or its schema is not current.',
    )

function say({ exit, json, text }: Outcome, inJson: boolean): void {
  if (inJson) process.stdout.write(`${JSON.stringify(json)}\n`)
  else (exit === EXIT.ok ? process.stdout : process.stderr).write(`${text}\n`)
}
