import DataLoader from 'dataloader'
import type { Identity, IdentityKey, Member } from '../../domain/members/member'
import type { Group, GroupMember } from '../../domain/members/group'
import type { Membership } from '../../domain/members/member-store'
import type {
  ActivityFilter,
  ActivityPageRequest,
  Allocation,
  AwardSource,
  EntryTemplate,
  PointsActivity,
  TextPage,
} from '../../domain/points/activity'
import { type AccountStatement, MAIN_CURRENCY, type PurchaseRef } from '../../domain/points/ledger'
import type { Spending } from '../../domain/points/redemption'
import { currencyWalletOf, groupWalletOf, movedNow, walletOf } from '../../domain/points/wallet'
import type { ScheduledPoints, ScheduleStep } from '../../domain/points/wallet-outlook'
import type { AlternateCurrency } from '../../domain/programs/program'
import type { TenantSetup } from '../../domain/programs/tenant'
import type { Store } from '../../domain/programs/store'
import type { PurchaseEntry, PurchaseKey } from '../../domain/purchases/purchase'
import type { MemberId, ProgramId, StoreId, TierId } from '../../domain/shared/ids'
import type { Page, PageRequest } from '../../domain/shared/pages'
import type { Tier } from '../../domain/tiers/tier'
import { periodFigures, type PeriodNow } from '../../domain/tiers/period-figures'
import type { TierPeriod } from '../../domain/tiers/tier-history'
import { groupUp, lineUp } from '../shared/batches'
import type { Context, LoaderScope } from '../shared/context'
import { lazily } from '../shared/lazy-loaders'
import { purchaseLoaders } from '../shared/purchase-pages'
import { JournalsAhead } from './journals-ahead'
import { activityId, type ActivityKey } from './points-activity.type'
import { EMPTY_WALLET } from './points-balance.type'

/** One statement per level of the query, whatever its width. */
export const coreLoaders = lazily([
  memberLoaders,
  aheadLoaders,
  pointsLoaders,
  tierLoaders,
  catalogLoaders,
  purchaseLoaders,
  currencyLoaders,
  spendingLoaders,
  groupLoaders,
  standingLoaders,
])

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

/** The same, as text. */
export interface ActivityTextOf extends ActivitiesOf {
  readonly template: EntryTemplate
}

function pointsLoaders({ caller: { tenant }, stores: { accounts, activities } }: LoaderScope) {
  const { defaultProgram, timeZone } = tenant.setup
  const pageOf = (page: ActivitiesOf): ActivityPageRequest => ({
    ...page,
    programId: defaultProgram.id,
    currency: MAIN_CURRENCY,
  })
  const paging = (read: 'pagesOf' | 'oldestPagesOf') =>
    new DataLoader<ActivitiesOf, Page<PointsActivity>, string>(
      async (pages) => [...(await activities[read](tenant.id, pages.map(pageOf)))],
      {
        cacheKeyFn: ({ memberId, first, after, only }) =>
          `${memberId} ${first} ${after} ${JSON.stringify(only)}`,
      },
    )
  // Not remembered: nobody asks twice for what is written for one place of one answer.
  const writing = (read: 'textPagesOf' | 'oldestTextPagesOf') =>
    new DataLoader<ActivityTextOf, TextPage>(
      async (pages) => [
        ...(await activities[read](
          tenant.id,
          pages.map((page) => ({ ...pageOf(page), template: page.template })),
        )),
      ],
      { cache: false },
    )
  return {
    statementOf: new DataLoader<MemberId, AccountStatement | null>(async (ids) => {
      const wallets = ids.map((id) => walletOf(tenant, id, defaultProgram))
      return [...(await accounts.statements(wallets, movedNow(tenant), timeZone))]
    }),
    activityPages: paging('pagesOf'),
    oldestActivityPages: paging('oldestPagesOf'),
    activityTexts: writing('textPagesOf'),
    oldestActivityTexts: writing('oldestTextPagesOf'),
    activitiesOfPurchase: new DataLoader<PurchaseKey, readonly PointsActivity[], string>(
      async (keys) => {
        const found = await activities.ofPurchases(tenant.id, keys as readonly PurchaseRef[])
        return groupUp(keys.map(purchaseKey), found, ({ purchaseKind, purchaseId }) =>
          purchaseKey({ kind: purchaseKind, id: purchaseId } as PurchaseKey),
        )
      },
      { cacheKeyFn: purchaseKey },
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

/** What a member has of a further currency. */
interface CurrencyBalance extends Pick<
  AccountStatement,
  'available' | 'earned' | 'reversed' | 'redeemed' | 'expired'
> {
  readonly currency: AlternateCurrency
}

function currencyLoaders({ caller: { tenant }, stores: { accounts, activities } }: LoaderScope) {
  const { defaultProgram, timeZone } = tenant.setup
  const { alternateCurrencies: currencies } = defaultProgram
  return {
    currencyBalancesOf: new DataLoader<MemberId, readonly CurrencyBalance[]>(async (ids) => {
      if (currencies.length === 0) return ids.map(() => [])
      const wallets = ids.flatMap((id) =>
        currencies.map(({ identifier }) => currencyWalletOf(tenant, id, defaultProgram, identifier)),
      )
      const statements = await accounts.statements(wallets, movedNow(tenant), timeZone)
      return ids.map((_id, index) =>
        currencies.map((currency, offset) => ({
          ...(statements[index * currencies.length + offset] ?? EMPTY_WALLET),
          currency,
        })),
      )
    }),
    walletCurrencyOf: new DataLoader<ActivityKey, string, string>(
      async (keys) => {
        const found = await activities.currenciesOf(tenant.id, keys)
        const known = new Map(found.map(({ accountId, currency }) => [accountId, currency]))
        return keys.map(({ accountId }) => known.get(accountId) ?? MAIN_CURRENCY)
      },
      { cacheKeyFn: activityId },
    ),
  }
}

function aheadLoaders() {
  return { journalsAhead: new JournalsAhead() }
}

interface RedemptionsOf extends PageRequest {
  readonly memberId: MemberId
}

function spendingLoaders({ caller: { tenant }, stores: { redemptions, rewardCodes } }: LoaderScope) {
  const programId = tenant.setup.defaultProgram.id
  return {
    spendingPages: new DataLoader<RedemptionsOf, Page<Spending>, string>(
      async (pages) => [
        ...(await redemptions.spendingPagesOf(
          tenant.id,
          pages.map((page) => ({ ...page, programId })),
        )),
      ],
      { cacheKeyFn: ({ memberId, first, after }) => `${memberId} ${first} ${after}` },
    ),
    spendingByKey: new DataLoader<ActivityKey, Spending | null, string>(
      async (keys) =>
        lineUp(keys.map(activityId), await redemptions.spendingsBy(tenant.id, keys), activityId),
      { cacheKeyFn: activityId },
    ),
    rewardsInStock: new DataLoader<ProgramId, ReadonlySet<string>>(async (programs) =>
      Promise.all(
        programs.map(async (program) => new Set(await rewardCodes.rewardsInStock(tenant.id, program))),
      ),
    ),
  }
}

function groupLoaders({ caller: { tenant }, stores: { groups, accounts } }: LoaderScope) {
  const { defaultProgram, timeZone } = tenant.setup
  return {
    groupById: new DataLoader<Group['id'], Group | null>(async (ids) =>
      lineUp(ids, await groups.findByIds(tenant.id, ids), ({ id }) => id),
    ),
    groupOf: new DataLoader<MemberId, Group | null>(async (members) =>
      lineUp(members, await groups.groupsOf(tenant.id, members), ({ memberId }) => memberId).map(
        (found) => found?.group ?? null,
      ),
    ),
    groupMembersOf: new DataLoader<Group['id'], readonly GroupMember[]>(async (ids) =>
      groupUp(ids, await groups.membersOf(tenant.id, ids), ({ groupId }) => groupId),
    ),
    groupStatementOf: new DataLoader<Group['id'], AccountStatement | null>(async (ids) => {
      const wallets = ids.map((id) => groupWalletOf(tenant, { id }, defaultProgram))
      return [...(await accounts.statements(wallets, movedNow(tenant), timeZone))]
    }),
  }
}

/** The calendar of a member's wallet. */
interface ScheduleOf {
  readonly memberId: MemberId
  readonly per: ScheduleStep
}

function standingLoaders({ caller: { tenant }, stores: { tierHistory, outlook, tiers } }: LoaderScope) {
  const { defaultProgram, timeZone } = tenant.setup
  const scheduled = (read: 'expiries' | 'maturities') =>
    new DataLoader<ScheduleOf, readonly ScheduledPoints[], string>(
      async (asked) => {
        const found = new Map<ScheduleOf, readonly ScheduledPoints[]>()
        for (const per of new Set(asked.map((one) => one.per))) {
          const some = asked.filter((one) => one.per === per)
          const wallets = some.map(({ memberId }) => walletOf(tenant, memberId, defaultProgram))
          const schedules = await outlook[read](wallets, per, timeZone, movedNow(tenant))
          some.forEach((one, index) => found.set(one, schedules[index] ?? []))
        }
        return asked.map((one) => found.get(one) ?? [])
      },
      { cacheKeyFn: ({ memberId, per }) => `${memberId} ${per}` },
    )
  return {
    expiriesOf: scheduled('expiries'),
    maturitiesOf: scheduled('maturities'),
    periodOf: new DataLoader<MemberId, PeriodNow | null>(async (ids) => {
      const found = await periodFigures({ tiers }, tenant, defaultProgram, ids)
      return ids.map((id) => found.get(id) ?? null)
    }),
    tierPeriodsOf: new DataLoader<MemberId, readonly TierPeriod[]>(async (ids) =>
      groupUp(
        ids,
        await tierHistory.periodsOf(tenant.id, defaultProgram.id, ids),
        ({ memberId }) => memberId,
      ),
    ),
  }
}

/** The tiers of all programs by id, lined up once per version of a setup. */
function tiersOf(setup: TenantSetup): ReadonlyMap<TierId, Tier> {
  const tiers =
    TIERS.get(setup) ??
    new Map(setup.programs.flatMap((program) => program.tiers.map((tier) => [tier.id, tier])))
  TIERS.set(setup, tiers)
  return tiers
}

const TIERS = new WeakMap<TenantSetup, ReadonlyMap<TierId, Tier>>()

const purchaseKey = ({ kind, id }: PurchaseKey): string => `${kind} ${id}`

function tierLoaders({ caller: { tenant }, stores: { tiers } }: LoaderScope) {
  const known = tiersOf(tenant.setup)
  let others: DataLoader<TierId, Tier | null> | null = null
  const loadOther = (id: TierId): Promise<Tier | null> => {
    others ??= new DataLoader(async (ids) =>
      lineUp(ids, await tiers.findByIds(tenant.id, ids), (tier) => tier.id),
    )
    return others.load(id)
  }
  return {
    tierById: {
      /** At once: the setup that the caller signed in with knows all tiers but those that were taken out of it. */
      load: (id: TierId): Tier | Promise<Tier | null> => known.get(id) ?? loadOther(id),
    },
  }
}

function catalogLoaders({ caller: { tenant }, stores: { shops, purchases } }: LoaderScope) {
  return {
    storeById: new DataLoader<StoreId, Store | null>(async (ids) =>
      lineUp(ids, await shops.findByIds(tenant.id, ids), ({ id }) => id),
    ),
    purchaseByKey: new DataLoader<PurchaseKey, PurchaseEntry | null, string>(
      async (keys) => lineUp(keys.map(purchaseKey), await purchases.findByKeys(tenant.id, keys), purchaseKey),
      { cacheKeyFn: purchaseKey },
    ),
  }
}
