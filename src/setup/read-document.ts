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
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (error) {
    throw new SetupRefused([
      { path: '', message: error instanceof Error ? error.message : 'is not a document' },
    ])
  }
}
