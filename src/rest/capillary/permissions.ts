import type { Call, CapillaryEndpoint } from './call'
import { refusal } from './errors'

/** What a key may do with a group of resources. */
type Access = 'none' | 'view' | 'modify'

type Permissions = Readonly<Record<string, string>>

/** Groups of resources by where their paths begin; the first that fits counts. */
const GROUPS: readonly (readonly [path: RegExp, group: string])[] = [
  [/^\/v2\/customers\/[^/]+\/redemptions$/, 'points'],
  [/^\/v2\/points\//, 'points'],
  [/^\/v2\/(transactions|earning)\b/, 'transactions'],
  [/^\/v2\/customers\b/, 'customers'],
  [/^\/v2\/currencyratio$/, 'organization'],
]

/**
 * Refuses what the key may not do (section 2.4): reading asks for `view`, everything else for `modify`. A group that the
 * setup does not name is open to the key. Tills have no keys: what a till may do is not limited. Throws CapillaryRefusal (403).
 */
export function assertPermitted({ signIn }: Pick<Call, 'signIn'>, { method, path }: Endpoint): void {
  const { permissions } = signIn
  const group = groupOf(path)
  const access = accessTo(permissions, group)
  if (access === 'modify' || (access === 'view' && method === 'GET')) return
  throw refusal(403, 403, `The key has no permission to ${method === 'GET' ? 'view' : 'modify'} ${group}.`)
}

/** Whether a key may change a group of resources, besides the one that its call belongs to. Pure. */
export const mayModify = ({ signIn: { permissions } }: Pick<Call, 'signIn'>, group: string): boolean =>
  accessTo(permissions, group) === 'modify'

type Endpoint = Pick<CapillaryEndpoint, 'method' | 'path'>

/** The group of resources that an endpoint belongs to. Pure. */
export const groupOf = (path: string): string | null =>
  GROUPS.find(([pattern]) => pattern.test(path))?.[1] ?? null

/** An endpoint without a group is nobody's who has any limit. */
function accessTo(permissions: Permissions, group: string | null): Access {
  if (group === null) return Object.keys(permissions).length === 0 ? 'modify' : 'none'
  const said = permissions[group]
  return said === 'none' || said === 'view' ? said : 'modify'
}
