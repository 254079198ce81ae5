import { parseDocument } from 'yaml'
import { SetupRefused } from './problems'

/** A setup document from YAML or JSON text (JSON is YAML). Throws SetupRefused that names the line. */
export function readDocument(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new SetupRefused(
      document.errors.map(({ message, linePos }) => ({
        path: linePos ? `line ${linePos[0].line}` : '',
        message: message.replace(/ at line \d+, column \d+:?[^]*$/, ''),
      })),
    )
  }
  const value = valueOf(document)
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
