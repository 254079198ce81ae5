import type { Group } from '../../domain/members/group'
import type { MemberPageRequest } from '../../domain/members/member-store'
import { EMPTY_TEXT_PAGE } from '../../domain/points/activity'
import type { AccountKey } from '../../domain/points/ledger'
import type { WalletOutlook } from '../../domain/points/wallet-outlook'
import type { AccountId, MemberId, TenantId } from '../../domain/shared/ids'
import type { Stores } from '../../domain/stores'
import { forbidden } from './errors'

/**
 * What a member's own token reads through: the member itself and what is the member's; everything else is as absent
 * as what never was. Only what the graph reads is here; any other use of a store is refused, so that what is added
 * later is closed until somebody opens it.
 */
export function ownStores(stores: Stores, own: MemberId): Stores {
  const { members, orders, issuances, transactions, purchases, activities, accounts, redemptions, groups } =
    stores
  const isOwn = ({ memberId }: { readonly memberId: MemberId | null }): boolean => memberId === own
  const onlyOwn = <Row extends { readonly memberId: MemberId | null }>(row: Row | null): Row | null =>
    row && isOwn(row) ? row : null
  const mine = <Id extends MemberId>(ids: readonly Id[]): readonly Id[] => ids.filter((id) => id === own)
  /** Pages of the requests that are about the member, empty ones for the others. */
  const pages = async <Request extends { readonly memberId: MemberId }, Page>(
    requests: readonly Request[],
    read: (own: readonly Request[]) => Promise<readonly Page[]>,
    empty: Page,
  ): Promise<readonly Page[]> => {
    const found = await read(requests.filter(isOwn))
    let next = 0
    return requests.map((request) => (isOwn(request) ? (found[next++] as Page) : empty))
  }
  const noPage = { rows: [], hasNext: false }
  const onlyMe = (request: MemberPageRequest): MemberPageRequest => ({
    ...request,
    only: { ...(request.only ?? ANYBODY), id: own },
  })
  /** Another member that is asked for by its number. */
  const isAboutOther = ({ only }: MemberPageRequest): boolean => (only?.id ?? own) !== own

  const opened: { readonly [Name in keyof Stores]?: Partial<Stores[Name]> } = {
    tiers: {
      findByIds: (tenant, ids) => stores.tiers.findByIds(tenant, ids),
      periodStandings: (tenant, program, ids) => stores.tiers.periodStandings(tenant, program, mine(ids)),
    },
    shops: {
      findByIds: (tenant, ids) => stores.shops.findByIds(tenant, ids),
      page: (tenant, request) => stores.shops.page(tenant, request),
    },
    tierHistory: {
      periodsOf: (tenant, program, ids) => stores.tierHistory.periodsOf(tenant, program, mine(ids)),
    },
    rewardCodes: {
      rewardsInStock: (tenant, program) => stores.rewardCodes.rewardsInStock(tenant, program),
    },
    outlook: { expiries: schedules('expiries'), maturities: schedules('maturities') },
    redemptions: {
      spendingPagesOf: (tenant, requests) =>
        pages(requests, (some) => redemptions.spendingPagesOf(tenant, some), noPage),
      spendingsBy: async (tenant, keys) => (await redemptions.spendingsBy(tenant, keys)).filter(isOwn),
    },
    groups: {
      groupsOf: (tenant, ids) => groups.groupsOf(tenant, mine(ids)),
      async findByKey(tenant, key) {
        const group = await ownGroup(tenant)
        return group?.key === key ? group : null
      },
      findByIds: async (tenant, ids) => ifAmong(ids, await ownGroup(tenant)),
      // Who else is in it is told, and nothing of them: members are read as any others.
      async membersOf(tenant, ids) {
        return groups.membersOf(
          tenant,
          ifAmong(ids, await ownGroup(tenant)).map(({ id }) => id),
        )
      },
    },
    members: {
      findByIds: (tenant, ids) => members.findByIds(tenant, mine(ids)),
      findByIdentities: async (tenant, keys) =>
        (await members.findByIdentities(tenant, keys)).map((member) => (member?.id === own ? member : null)),
      page: async (tenant, request) =>
        isAboutOther(request) ? noPage : members.page(tenant, onlyMe(request)),
      async findInProgram(tenant, key, program) {
        const found = await members.findInProgram(tenant, key, program)
        return found?.member.id === own ? found : null
      },
      memberships: (tenant, ids, program) => members.memberships(tenant, mine(ids), program),
      identitiesOf: (tenant, ids) => members.identitiesOf(tenant, mine(ids)),
    },
    orders: {
      findByIds: async (tenant, ids) => (await orders.findByIds(tenant, ids)).filter(isOwn),
      findByKey: async (tenant, key) => onlyOwn(await orders.findByKey(tenant, key)),
      linesOf: (tenant, ids) => orders.linesOf(tenant, ids),
    },
    issuances: {
      findByIds: async (tenant, ids) => (await issuances.findByIds(tenant, ids)).filter(isOwn),
      findByKey: async (tenant, key) => onlyOwn(await issuances.findByKey(tenant, key)),
      linesOf: (tenant, ids) => issuances.linesOf(tenant, ids),
    },
    transactions: {
      findByIds: async (tenant, ids) => (await transactions.findByIds(tenant, ids)).filter(isOwn),
      linesOf: (tenant, ids) => transactions.linesOf(tenant, ids),
      paymentsOf: (tenant, ids) => transactions.paymentsOf(tenant, ids),
      returnsOf: (tenant, ids) => transactions.returnsOf(tenant, ids),
      // An order is named here by its key alone: nobody has looked yet whose it is.
      async returnsOfOrders(tenant, ids) {
        const found = (await orders.findByIds(tenant, ids)).filter(isOwn)
        return transactions.returnsOfOrders(
          tenant,
          found.map(({ id }) => id),
        )
      },
      returnsOn: (tenant, ids) => transactions.returnsOn(tenant, ids),
    },
    purchases: {
      findByKeys: async (tenant, keys) => (await purchases.findByKeys(tenant, keys)).filter(isOwn),
      pagesOf: (tenant, requests) => pages(requests, (some) => purchases.pagesOf(tenant, some), noPage),
      oldestPagesOf: (tenant, requests) =>
        pages(requests, (some) => purchases.oldestPagesOf(tenant, some), noPage),
      async statusesOf(tenant, keys) {
        const found = (await purchases.findByKeys(tenant, keys)).filter(isOwn)
        return purchases.statusesOf(tenant, found)
      },
    },
    activities: {
      pagesOf: (tenant, requests) => pages(requests, (some) => activities.pagesOf(tenant, some), noPage),
      oldestPagesOf: (tenant, requests) =>
        pages(requests, (some) => activities.oldestPagesOf(tenant, some), noPage),
      ofPurchases: async (tenant, keys) => (await activities.ofPurchases(tenant, keys)).filter(isOwn),
      textPagesOf: (tenant, requests) =>
        pages(requests, (some) => activities.textPagesOf(tenant, some), EMPTY_TEXT_PAGE),
      oldestTextPagesOf: (tenant, requests) =>
        pages(requests, (some) => activities.oldestTextPagesOf(tenant, some), EMPTY_TEXT_PAGE),
      pageWithMembers: async (tenant, request, journal) =>
        isAboutOther(request)
          ? { ...noPage, journals: [] }
          : activities.pageWithMembers(tenant, onlyMe(request), journal),
      findByKeys: async (tenant, keys) => (await activities.findByKeys(tenant, keys)).filter(isOwn),
      async currenciesOf(tenant, keys) {
        const allowed = await ownAccounts(keys, (some) => activities.findByKeys(tenant, some))
        return (await activities.currenciesOf(tenant, keys)).filter(({ accountId }) => allowed.has(accountId))
      },
      async sourcesOf(tenant, keys) {
        const allowed = await ownAccounts(keys, (some) => activities.findByKeys(tenant, some))
        return (await activities.sourcesOf(tenant, keys)).filter(({ accountId }) => allowed.has(accountId))
      },
      async allocationsOf(tenant, keys) {
        const allowed = await ownAccounts(keys, (some) => activities.findByKeys(tenant, some))
        return (await activities.allocationsOf(tenant, keys)).filter(({ accountId }) =>
          allowed.has(accountId),
        )
      },
    },
    accounts: {
      async statements(keys, now, zone) {
        const allowed = await ownWallets(keys)
        const found = await accounts.statements(keys, now, zone)
        return found.map((statement, index) => (allowed[index] ? statement : null))
      },
    },
  }

  function schedules(read: 'expiries' | 'maturities'): WalletOutlook['expiries'] {
    return async (keys, step, zone, now) => {
      const allowed = await ownWallets(keys)
      const found = await stores.outlook[read](keys, step, zone, now)
      return found.map((schedule, index) => (allowed[index] ? schedule : []))
    }
  }

  /** The member's own wallet, and that of the group that the member is in. */
  async function ownWallets(keys: readonly AccountKey[]): Promise<readonly boolean[]> {
    const ofGroup = keys.find(({ holder }) => holder.kind === 'GROUP')
    const group = ofGroup ? await ownGroup(ofGroup.tenantId) : null
    return keys.map(({ holder }) => holder.id === (holder.kind === 'GROUP' ? group?.id : own))
  }

  async function ownGroup(tenant: TenantId): Promise<Group | null> {
    const [found] = await groups.groupsOf(tenant, [own])
    return found?.group ?? null
  }

  async function ownAccounts(
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
    read: (
      some: typeof keys,
    ) => Promise<readonly { readonly accountId: AccountId; readonly memberId: MemberId | null }[]>,
  ): Promise<ReadonlySet<AccountId>> {
    return new Set((await read(keys)).filter(isOwn).map(({ accountId }) => accountId))
  }

  return closedBut(opened) as Stores
}

const ifAmong = (ids: readonly string[], group: Group | null): readonly Group[] =>
  group && ids.includes(group.id) ? [group] : []

const ANYBODY = { from: null, until: null, status: null, tierId: null, identity: null }

/** An object of which only what is opened can be used. */
function closedBut(opened: object): object {
  return new Proxy(opened, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof name === 'symbol') return value
      if (value === undefined) return closedBut(() => Promise.reject(forbidden('write')))
      return typeof value === 'object' && value !== null ? closedBut(value) : value
    },
    apply: () => Promise.reject(forbidden('write')),
  })
}
