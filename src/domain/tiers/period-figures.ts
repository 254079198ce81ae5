import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { MemberId, TierId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Stores } from '../stores'
import { countedIn, type PeriodFigures } from './tier-window'

/** What counts for a member's tier today, and what the clock alone will make of it. */
export interface PeriodNow extends PeriodFigures {
  /** The first change that comes by itself; null: none. */
  readonly next: { readonly at: Instant; readonly tierId: TierId | null } | null
}

/** For members of a program whose tiers look at a period: one statement. Of other programs nobody is found, and none is sent. */
export async function periodFigures(
  { tiers }: Pick<Stores, 'tiers'>,
  tenant: Tenant,
  { id, tierWindow }: Program,
  members: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, PeriodNow>> {
  if (tierWindow === null) return new Map()
  const standings = await tiers.periodStandings(tenant, { id, tierWindow }, members)
  return new Map(
    standings.map(({ memberId, days, today, next }) => [
      memberId,
      { ...countedIn(tierWindow, days).on(today), next },
    ]),
  )
}
