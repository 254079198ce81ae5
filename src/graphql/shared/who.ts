import type { IdentityKey } from '../../domain/members/member'
import { exactlyOne, idOfType } from './choose'
import { type IdentityInput, toIdentityKey } from './identity.input'

/** Says who is meant. */
export interface Who {
  readonly memberId?: string | null
  readonly identity?: IdentityInput | null
}

/** The key of exactly one of a member's id and an identity; `path` leads to where they stand. */
export function keyOf({ memberId, identity }: Who, path: string): IdentityKey {
  const chosen = exactlyOne({ memberId, identity }, path)
  if (chosen.name === 'identity') return toIdentityKey(chosen.value)
  const value = idOfType('Member', chosen.value, `${path}.memberId`)
  // The domain's door for our own numbers.
  return { door: 'member', type: 'id', source: null, account: null, value }
}
