import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError } from './config'

/**
 * The key that encrypts what must be read again (Annex secrets). Without ENCRYPTION_KEY one is made once and kept in
 * the data folder, for its owner's eyes only; a database used by several machines needs one key for all of them.
 */
export function encryptionKeyOf(config: Config): { key: Buffer; source: 'environment' | 'data folder' } {
  if (config.encryptionKey) return { key: config.encryptionKey, source: 'environment' }
  const file = join(config.dataDir, 'encryption.key')
  const key = readKey(file) ?? makeKey(config.dataDir, file)
  return { key, source: 'data folder' }
}

const KEY = /^[0-9a-f]{64}$/

function readKey(file: string): Buffer | null {
  if (!existsSync(file)) return null
  const text = readFileSync(file, 'utf8').trim()
  // Never replaced: what it encrypted would be lost.
  if (!KEY.test(text))
    throw new ConfigError([`${file} is not a key of 64 hexadecimal digits; restore it from a backup`])
  return Buffer.from(text, 'hex')
}

// Written aside and linked, so that two first starts cannot use two keys and a crash leaves no half of one.
function makeKey(dataDir: string, file: string): Buffer {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const key = readKey(file)
  if (!key) throw new Error(`${file} disappeared`)
  return key
}
