import type { IdentityKey } from '../../domain/members/member'
import { ANNEX } from './settings'

/** How this door knows a member: by the id that the site gave, mostly an e-mail address. */
export const memberKey = (value: string): IdentityKey => ({
  door: ANNEX,
  type: 'id',
  source: null,
  account: null,
  value,
})
