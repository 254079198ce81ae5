import type { Program } from '../../../domain/programs/program'
import type { Call } from '../call'
import { refusal } from '../errors'

/** The programs that a query asks about: all, the one it names, or the default one. Throws CapillaryRefusal (1101). */
export function programsAsked({ signIn, request: { query } }: Call): readonly Program[] {
  const { programs, defaultProgram } = signIn.caller.tenant.setup
  if (isTrue(query, 'fetchDataForAllPrograms')) return programs
  const said = query.get('programId')?.trim()
  if (!said) return [defaultProgram]
  const program = programs.find(({ id }) => id === said)
  if (!program) throw refusal(400, 1101, 'There is no such program.')
  return [program]
}

export const isTrue = (query: URLSearchParams, name: string): boolean =>
  query.get(name)?.trim().toLowerCase() === 'true'
