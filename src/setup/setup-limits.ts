import { type Problem } from './problems'
import type { SetupDocument } from './schema'

/** How much work one document may ask for, so that it is answered while somebody waits. */
export interface SetupLimits {
  /** A dozen statements each. */
  readonly tenants: number
  /** Passwords of tills and secrets of OAuth clients: some 50 ms of a core each. */
  readonly secrets: number
  /** Members, their opening balances and places in groups: some milliseconds each. */
  readonly people: number
}

/** What of a document is too much. Pure. */
export function beyond(limits: SetupLimits | undefined, { tenants }: SetupDocument): readonly Problem[] {
  if (!limits) return []
  const secrets = sum(tenants, ({ capillary }) =>
    capillary ? capillary.tills.length + capillary.oauthClients.length : 0,
  )
  const people = sum(
    tenants,
    ({ members, groups }) =>
      sum(members, ({ credits }) => 1 + credits.length) + sum(groups, (group) => 1 + group.members.length),
  )
  return [
    ...tooMany(tenants.length, limits.tenants, 'tenants'),
    ...tooMany(secrets, limits.secrets, 'tills and OAuth clients'),
    ...tooMany(people, limits.people, 'members, credits and places in groups'),
  ]
}

const tooMany = (count: number, most: number, what: string): readonly Problem[] =>
  count <= most
    ? []
    : [
        {
          path: '',
          message: `holds ${count} ${what}, and ${most} are taken at once here; send it in parts, or use \`loyalty apply\``,
        },
      ]

const sum = <T>(entries: readonly T[], of: (entry: T) => number): number =>
  entries.reduce((total, entry) => total + of(entry), 0)
