import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const COST = 2 ** 14
const BLOCK_SIZE = 8
const PARALLEL = 1
const HASH_BYTES = 32

/** A slow, salted hash of a secret that need never be read again: `scrypt$N$r$p$salt$hash`, salt and hash in base64. */
export async function hashSecret(text: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derived(text, salt, COST, BLOCK_SIZE, PARALLEL, HASH_BYTES)
  return ['scrypt', COST, BLOCK_SIZE, PARALLEL, salt.toString('base64'), hash.toString('base64')].join('$')
}

/** Whether a secret is the one that was hashed. False also for a hash that this version cannot read. */
export async function verifySecret(text: string, stored: string): Promise<boolean> {
  const [scheme, cost, blockSize, parallel, salt = '', hash = ''] = stored.split('$')
  const expected = Buffer.from(hash, 'base64')
  if (scheme !== 'scrypt' || expected.length === 0) return false
  const actual = await derived(
    text,
    Buffer.from(salt, 'base64'),
    Number(cost),
    Number(blockSize),
    Number(parallel),
    expected.length,
  )
  return timingSafeEqual(actual, expected)
}

const derived = (
  text: string,
  salt: Buffer,
  N: number,
  r: number,
  p: number,
  bytes: number,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Node refuses what needs more than `maxmem`: 128 * N * r bytes, and a little.
    const limits = { N, r, p, maxmem: 256 * N * r }
    scrypt(text, salt, bytes, limits, (error, key) => (error ? reject(error) : resolve(key)))
  })
