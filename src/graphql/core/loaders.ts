import DataLoader from 'dataloader'
import type { Identity, IdentityKey, Member } from '../../domain/members/member'
import type { Membership } from '../../domain/members/member-store'
import type {
  ActivityFilter,
  ActivityPageRequest,
  Allocation,
  AwardSource,
  PointsActivity,
} from '../../domain/points/activity'
import { type AccountStatement, MAIN_CURRENCY } from '../../domain/points/ledger'
import { movedNow, walletOf } from '../../domain/points/wallet'
import type { Store } from '../../domain/programs/store'
import type { PurchaseEntry, PurchaseKey } from '../../domain/purchases/purchase'
import type { MemberId, StoreId, TierId } from '../../domain/shared/ids'
import type { Page, PageRequest } from '../../domain/shared/pages'
import type { Tier } from '../../domain/tiers/tier'
import { groupUp, lineUp } from '../shared/batches'
import type { Context, LoaderScope } from '../shared/context'
import { purchasePageLoader } from '../shared/purchase-pages'
import { activityId, type ActivityKey } from './points-activity.type'

/** One statement per level of the query, whatever its width. */
export function coreLoaders(scope: LoaderScope) {
  return {
    ...memberLoaders(scope),
    ...pointsLoaders(scope),
    ...catalogLoaders(scope),
    purchasePages: purchasePageLoader(scope),
  }
}

export type CoreLoaders = ReturnType<typeof coreLoaders>
export type CoreContext = Context<CoreLoaders>

function memberLoaders({ caller: { tenant }, stores: { members } }: LoaderScope) {
  const { defaultProgram } = tenant.setup
  return {
    memberById: new DataLoader<MemberId, Member | null>(async (ids) =>
      lineUp(ids, await members.findByIds(tenant.id, ids), ({ id }) => id),
    ),
    memberByIdentity: new DataLoader<IdentityKey, Member | null, string>(
      async (keys) => [...(await members.findByIdentities(tenant.id, keys))],
      {
        cacheKeyFn: ({ door, type, source, account, value }) =>
          JSON.stringify([door, type, source, account, value]),
      },
    ),
    membershipOf: new DataLoader<MemberId, Membership | null>(async (ids) =>
      lineUp(ids, await members.memberships(tenant.id, ids, defaultProgram.id), ({ memberId }) => memberId),
    ),
    identitiesOf: new DataLoader<MemberId, readonly Identity[]>(async (ids) =>
      groupUp(ids, await members.identitiesOf(tenant.id, ids), ({ memberId }) => memberId),
    ),
  }
}

/** A page of a member's journal. */
export interface ActivitiesOf extends PageRequest {
  readonly memberId: MemberId
  readonly only?: ActivityFilter
}

function pointsLoaders({ caller: { tenant }, stores: { accounts, activities } }: LoaderScope) {
  const { defaultProgram, timeZone } = tenant.setup
  const pageOf = (page: ActivitiesOf): ActivityPageRequest => ({
    ...page,
    programId: defaultProgram.id,
    currency: MAIN_CURRENCY,
  })
  return {
    statementOf: new DataLoader<MemberId, AccountStatement | null>(async (ids) => {
      const wallets = ids.map((id) => walletOf(tenant, id, defaultProgram))
      return [...(await accounts.statements(wallets, movedNow(tenant), timeZone))]
    }),
    activityPages: new DataLoader<ActivitiesOf, Page<PointsActivity>, string>(
      async (pages) => [...(await activities.pagesOf(tenant.id, pages.map(pageOf)))],
      {
        cacheKeyFn: ({ memberId, first, after, only }) =>
          `${memberId} ${first} ${after} ${JSON.stringify(only)}`,
      },
    ),
    activityByKey: new DataLoader<ActivityKey, PointsActivity | null, string>(
      async (keys) => lineUp(keys.map(activityId), await activities.findByKeys(tenant.id, keys), activityId),
      { cacheKeyFn: activityId },
    ),
    sourcesOf: new DataLoader<ActivityKey, readonly AwardSource[], string>(
      async (keys) => groupUp(keys.map(activityId), await activities.sourcesOf(tenant.id, keys), activityId),
      { cacheKeyFn: activityId },
    ),
    allocationsOf: new DataLoader<ActivityKey, readonly Allocation[], string>(
      async (keys) =>
        groupUp(keys.map(activityId), await activities.allocationsOf(tenant.id, keys), activityId),
      { cacheKeyFn: activityId },
    ),
  }
}

const purchaseKey = ({ kind, id }: PurchaseKey): string => `${kind} ${id}`

function catalogLoaders({ caller: { tenant }, stores: { tiers, shops, purchases } }: LoaderScope) {
  return {
    tierById: new DataLoader<TierId, Tier | null>(async (ids) =>
      lineUp(ids, await tiers.findByIds(tenant.id, ids), ({ id }) => id),
    ),
    storeById: new DataLoader<StoreId, Store | null>(async (ids) =>
      lineUp(ids, await shops.findByIds(tenant.id, ids), ({ id }) => id),
    ),
    purchaseByKey: new DataLoader<PurchaseKey, PurchaseEntry | null, string>(
      async (keys) => lineUp(keys.map(purchaseKey), await purchases.findByKeys(tenant.id, keys), purchaseKey),
      { cacheKeyFn: purchaseKey },
    ),
  }
}
