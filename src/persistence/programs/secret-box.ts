import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must be recoverable (AES-256-GCM) with the key from the environment. */
export interface SecretBox {
  seal(text: string): Buffer
  /** Throws when the text was sealed with another key, or tampered with. */
  open(sealed: Buffer): string
  /** A key for another purpose, derived from the same one: 32 bytes. */
  derive(purpose: string): Uint8Array
  /** Tells two keys apart without telling either. */
  readonly fingerprint: string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `key`: 32 bytes. */
export const createSecretBox = (key: Uint8Array): SecretBox => ({
  seal(text) {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body])
  },
  open(sealed) {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8')
  },
  derive: (purpose) => new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), purpose, 32)),
  fingerprint: createHash('sha256').update('fingerprint').update(key).digest('hex').slice(0, 16),
})
