import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from './config'

/** The documents of the file, by the SHA-256 of their text; null when any document is taken. Throws ConfigError. */
export function trustedDocuments({ trusted }: Config): {
  readonly mode: 'warn' | 'enforce'
  readonly byHash: ReadonlyMap<string, string>
} | null {
  if (trusted === null) return null
  const entries = Object.entries(readDocuments(trusted.file))
  const wrong = entries.find(([hash, text]) => typeof text !== 'string' || sha256(text) !== hash)
  if (wrong) throw new ConfigError([`${trusted.file}: ${wrong[0]} is not the SHA-256 of its document`])
  return { mode: trusted.mode, byHash: new Map(entries as [string, string][]) }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function readDocuments(file: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return { ...found }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([`TRUSTED_DOCUMENTS_FILE cannot be read: ${reason}`])
  }
  throw new ConfigError([`${file} is not a JSON object of documents by their SHA-256`])
}
