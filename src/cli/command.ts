import type { Command } from 'commander'
import type { Config } from '../config/config'
import type { Database } from '../persistence/open-database'
import type { Progress } from './progress'

/** What ends a command; machines act on it. */
export const EXIT = { ok: 0, refused: 1, usage: 2, database: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a command has to say: the same facts for machines and for people. */
export interface Outcome {
  readonly exit: ExitCode
  readonly json: object
  readonly text: string
}

/** What a command may use. The database is opened when asked for, and closed after the command whatever happens. */
export interface CommandContext {
  readonly config: Config
  readonly progress: Progress
  /** `any` for the migrator; every other command needs a schema that is current. */
  readonly database: (schema?: 'current' | 'any') => Promise<Database>
}

export type Run = (work: (context: CommandContext) => Promise<Outcome>) => Promise<void>

/** Adds one command to the program: its name, help and options, and what it does, handed to `run`. */
export type CommandMaker = (program: Command, run: Run) => void
