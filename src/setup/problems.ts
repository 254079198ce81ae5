import type { z } from 'zod'

/** One thing wrong with a document, and where: `tenants[0].annex.siteId`. */
export interface Problem {
  readonly path: string
  readonly message: string
}

/** Everything that is wrong with a setup document; nothing of it was applied. */
export class SetupRefused extends Error {
  override readonly name = 'SetupRefused'
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'))
  }
}

type Issue = z.core.$ZodIssue

/** Every issue of a document as problems by path; an unknown key is a problem of its own. */
export const toProblems = (issues: readonly Issue[]): readonly Problem[] => issues.flatMap(toProblem)

function toProblem(issue: Issue): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: 'is not a key of the setup format',
    }))
  }
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors)
    if (closest)
      return toProblems(closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })))
  }
  return [{ path: pathText(issue.path), message: wordsOf(issue) }]
}

/** The alternative that the writer most likely meant: of the right type, with the fewest complaints. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const weight = (issues: readonly Issue[]): number =>
    issues.length + (issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0) ? 100 : 0)
  return [...branches].sort((a, b) => weight(a) - weight(b))[0]
}

/** The library's own words are for programmers; those that the format gives itself stay. */
function wordsOf(issue: Issue): string {
  const isOurs = !/^(Invalid|Too (small|big))/.test(issue.message)
  if (isOurs) return issue.message
  // What was sent is not told in the issue, only in its message.
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined')
      ? 'is required'
      : `must be ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small' && isNumber(issue.origin)) {
    if (!issue.inclusive) return `must be more than ${issue.minimum}`
    return issue.minimum === 0 ? 'must not be negative' : `must be at least ${issue.minimum}`
  }
  if (issue.code === 'too_big' && isNumber(issue.origin)) return `must be at most ${issue.maximum}`
  if (issue.code === 'too_small') return `must have at least ${issue.minimum} ${unitOf(issue.origin)}`
  if (issue.code === 'too_big') return `must have at most ${issue.maximum} ${unitOf(issue.origin)}`
  return issue.message
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int'
const unitOf = (origin: string): string => (origin === 'string' ? 'characters' : 'entries')

export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  )
