import { isNumberId } from '../../domain/shared/ids'

/**
 * Ids are opaque to clients: base64url of `Type:id`. Inside, rows and references carry the bare id; it becomes global
 * where an `id` field is answered, and bare again where an argument or a gateway's reference comes in.
 */
export const globalId = (type: string, id: string): string =>
  Buffer.from(`${globalIdsOf(type)}${id}`, 'latin1').toString('base64url')

/** What stands before the bare id in the global ids of a type. */
export const globalIdsOf = (type: string): string => `${type}:`

export interface NodeKey {
  readonly type: string
  /** Decimal text, or two of them joined by a dot. */
  readonly id: string
}

/** What a global id names, or null for text that this graph never gave out. */
export function parseGlobalId(text: string): NodeKey | null {
  const found = text.length <= 120 ? NODE_KEY.exec(Buffer.from(text, 'base64url').toString('latin1')) : null
  const [, type, id] = found ?? []
  // Decoding forgives what encoding never makes, so two texts could name one node.
  if (!type || !id || globalId(type, id) !== text) return null
  // A resolver takes two numbers from an id that has two: one of another form would reach the store with one missing.
  if (id.includes('.') !== OF_A_WALLET.has(type)) return null
  return id.split('.').every(isNumberId) ? { type, id } : null
}

/** Whose ids are those of a wallet and of an entry in it. */
const OF_A_WALLET: ReadonlySet<string> = new Set(['PointsActivity', 'Redemption'])

/** The bare id of a node of the given type, or null. */
export function bareId(type: string, text: string): string | null {
  const key = parseGlobalId(text)
  return key?.type === type ? key.id : null
}

const NODE_KEY = /^([A-Z][A-Za-z]{0,40}):([0-9]+(?:\.[0-9]+)?)$/
