import { Composer, type Document, isNode, isScalar, Lexer, LineCounter, Parser, visit } from 'yaml'
import { type Problem, SetupRefused } from './problems'
import { repeatedName } from './repeated-name'

/** How much of YAML is read: more than this is refused before it is understood. JSON is read whole. */
export interface ReadLimits {
  /** Words, brackets, blanks and ends of lines; about four for an entry of a list. */
  readonly tokens: number
}

const ENDLESS: ReadLimits = { tokens: Infinity }

/**
 * A setup document from YAML or JSON text. Throws SetupRefused that names the line (YAML) or the place (JSON).
 * YAML costs some microseconds a token, which is seconds for a megabyte of brackets: whoever answers others meanwhile sets limits.
 */
export function readDocument(text: string, limits: ReadLimits = ENDLESS): unknown {
  const json = parsedJson(text)
  if (!json) return storable(parsedYaml(text, limits))
  const value = storable(json.value)
  const repeated = repeatedName(text)
  if (repeated) throw new SetupRefused([repeated])
  return value
}

/** Null for what is no JSON, which may be YAML. */
function parsedJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}

/** So many problems are told; a text can have as many as letters, and each costs something to tell. */
const MOST_TOLD = 100

function parsedYaml(text: string, { tokens }: ReadLimits): unknown {
  const lines = new LineCounter()
  const document = composed(text, lines, tokens)
  const at = (offset: number): string => `line ${Math.max(1, lines.linePos(offset).line)}`
  const problems =
    document.errors.length > 0
      ? document.errors.slice(0, MOST_TOLD).map(({ code, message, pos }) => ({
          path: at(pos[0]),
          message: code === 'RESOURCE_EXHAUSTION' ? 'is nested too deep' : message,
        }))
      : oddNames(document, at)
  if (problems.length > 0) throw new SetupRefused(problems)
  return valueOf(document)
}

/** What `parseDocument` does, but token by token and with errors left plain: there it takes the square of their number. */
function composed(text: string, lines: LineCounter, tokens: number): Document.Parsed {
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  // Its own check of names compares each with each.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, lineCounter: lines })
  let left = tokens
  function* parts() {
    for (const token of new Lexer().lex(text)) {
      if (left-- <= 0) throw tooLong(tokens)
      yield* parser.next(token)
    }
    yield* parser.end()
  }
  const [document, second] = composer.compose(parts(), true, text.length)
  if (!document) throw refused('is not a document')
  if (second) throw refused('holds more than one document')
  return document
}

const tooLong = (tokens: number): SetupRefused =>
  refused(
    `is more YAML than is read here (${tokens} tokens); send it as JSON or in parts, or use \`loyalty apply\``,
  )

/** Names that come twice in one map, and what is no name at all, such as a list. */
function oddNames(document: Document.Parsed, at: (offset: number) => string): readonly Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>()
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : null
        const offset = (isNode(key) && key.range?.[0]) || 0
        if (name === null) problems.push({ path: at(offset), message: 'a name must be text' })
        else if (seen.has(name)) problems.push({ path: at(offset), message: `"${name}" is named twice` })
        else seen.add(name)
        if (problems.length === MOST_TOLD) return visit.BREAK
      }
      return undefined
    },
  })
  return problems
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (error) {
    throw new SetupRefused([
      { path: '', message: error instanceof Error ? error.message : 'is not a document' },
    ])
  }
}

/** More than anybody sets up; a check that complains of each of a few hundred thousand fails itself. */
const MOST_IN_LIST = 50_000
/** The format is nine deep. What is thousands deep ends the stack of whatever walks it. */
const DEEPEST = 100
/** PostgreSQL stores neither. Escapes can write both, so the text of the document does not show them. */
const UNSTORABLE = /\0|\p{Surrogate}/u

function storable(root: unknown): unknown {
  const left: (readonly [value: unknown, depth: number])[] = [[root, 0]]
  // An alias of YAML may lead back to where it is.
  const seen = new Set<object>()
  const isUnstorable = (text: unknown) => typeof text === 'string' && UNSTORABLE.test(text)
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, depth] = next
    if (isUnstorable(value)) throw refused('has a NUL character or half a character in a text')
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const members: unknown[] = Object.values(value)
    if (depth === DEEPEST) throw refused(`is nested more than ${DEEPEST} deep`)
    if (Array.isArray(value) && members.length > MOST_IN_LIST)
      throw refused(`has a list of more than ${MOST_IN_LIST}`)
    if (Object.keys(value).some(isUnstorable))
      throw refused('has a NUL character or half a character in a name')
    for (const member of members) left.push([member, depth + 1])
  }
  return root
}

const refused = (message: string): SetupRefused => new SetupRefused([{ path: '', message }])
