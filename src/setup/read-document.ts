import { parseDocument } from 'yaml'
import { SetupRefused } from './problems'

/** A setup document from YAML or JSON text (JSON is YAML). Throws SetupRefused that names the line. */
export function readDocument(text: string): unknown {
  return storable(parsedJson(text) ?? parsedYaml(text))
}

function parsedYaml(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new SetupRefused(
      document.errors.map(({ message, linePos }) => ({
        path: linePos ? `line ${linePos[0].line}` : '',
        message: message.replace(/ at line \d+, column \d+:?[^]*$/, ''),
      })),
    )
  }
  return valueOf(document)
}

/**
 * JSON that names nothing twice; null for anything else. Reading it as YAML would take a hundred times as long, which is
 * seconds for a megabyte of brackets, but says which line is wrong.
 */
function parsedJson(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown
    return namesIn(value) === namesWritten(text) ? value : null
  } catch {
    return null
  }
}

const TEXT = /"(?:[^"\\]|\\.)*"(\s*:)?/g

/** How many names stand in JSON text, also those that stand there twice. */
function namesWritten(text: string): number {
  let names = 0
  for (const [, colon] of text.matchAll(TEXT)) if (colon !== undefined) names++
  return names
}

/** How many names the objects within a value have. */
function namesIn(root: unknown): number {
  let names = 0
  const left = [root]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value !== 'object' || value === null) continue
    const members = Object.values(value)
    if (!Array.isArray(value)) names += members.length
    for (const member of members) left.push(member)
  }
  return names
}

/** More than anybody sets up; a check that complains of each of a few hundred thousand fails itself. */
const MOST_IN_LIST = 50_000

function hasEndlessList(root: unknown): boolean {
  const left = [root]
  // An alias of YAML may lead back to where it is.
  const seen = new Set<object>()
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const members: unknown[] = Object.values(value)
    if (Array.isArray(value) && members.length > MOST_IN_LIST) return true
    for (const member of members) left.push(member)
  }
  return false
}

function storable(value: unknown): unknown {
  if (hasEndlessList(value))
    throw new SetupRefused([{ path: '', message: `has a list of more than ${MOST_IN_LIST}` }])
  if (hasUnstorableText(value, new Set()))
    throw new SetupRefused([{ path: '', message: 'has a NUL character or half a character in a text' }])
  return value
}

function valueOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (error) {
    throw new SetupRefused([
      { path: '', message: error instanceof Error ? error.message : 'is not a document' },
    ])
  }
}

/** PostgreSQL stores neither. Escapes can write both, so the text of the document does not show them. */
const UNSTORABLE = /\0|\p{Surrogate}/u

function hasUnstorableText(value: unknown, seen: Set<object>): boolean {
  if (typeof value === 'string') return UNSTORABLE.test(value)
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  return Object.entries(value).some(
    ([name, member]) => UNSTORABLE.test(name) || hasUnstorableText(member, seen),
  )
}
