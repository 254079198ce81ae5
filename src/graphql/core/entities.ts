import type { Group } from '../../domain/members/group'
import type { Member } from '../../domain/members/member'
import type { PointsActivity } from '../../domain/points/activity'
import type { Spending } from '../../domain/points/redemption'
import type { Program } from '../../domain/programs/program'
import type { Store } from '../../domain/programs/store'
import type { AccountId, MemberId, StoreId, TierId } from '../../domain/shared/ids'
import type { Tier } from '../../domain/tiers/tier'
import type { CoreContext } from './loaders'

/** How each entity of core is found by its bare id; null when this tenant has none. */
export const coreEntities = {
  Member: (id: string, { loaders }: CoreContext): Promise<Member | null> =>
    loaders.memberById.load(id as MemberId),
  Tier: (id: string, { loaders }: CoreContext): Tier | Promise<Tier | null> =>
    loaders.tierById.load(id as TierId),
  Store: (id: string, { loaders }: CoreContext): Promise<Store | null> =>
    loaders.storeById.load(id as StoreId),
  Program: (id: string, { caller }: CoreContext): Program | null =>
    caller.tenant.setup.programs.find((program) => program.id === id) ?? null,
  Group: (id: string, { loaders }: CoreContext): Promise<Group | null> => loaders.groupById.load(id),
  Redemption: (id: string, { loaders }: CoreContext): Promise<Spending | null> => {
    const [accountId = '', seq = ''] = id.split('.')
    return seq
      ? loaders.spendingByKey.load({ accountId: accountId as AccountId, seq })
      : Promise.resolve(null)
  },
  PointsActivity: (id: string, { loaders }: CoreContext): Promise<PointsActivity | null> => {
    const [accountId = '', seq = ''] = id.split('.')
    return seq
      ? loaders.activityByKey.load({ accountId: accountId as AccountId, seq })
      : Promise.resolve(null)
  },
}
