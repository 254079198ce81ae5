import type { AccountId, MemberId } from '../../domain/shared/ids'
import type { Stores } from '../../domain/stores'
import { forbidden } from './errors'

/**
 * What a member's own token reads through: the member itself and what is the member's; everything else is as absent
 * as what never was. Only what the graph reads is here; any other use of a store is refused, so that what is added
 * later is closed until somebody opens it.
 */
export function ownStores(stores: Stores, own: MemberId): Stores {
  const { members, orders, issuances, transactions, purchases, activities, accounts } = stores
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

  const opened: { readonly [Name in keyof Stores]?: Partial<Stores[Name]> } = {
    tiers: { findByIds: (tenant, ids) => stores.tiers.findByIds(tenant, ids) },
    shops: { findByIds: (tenant, ids) => stores.shops.findByIds(tenant, ids) },
    members: {
      findByIds: (tenant, ids) => members.findByIds(tenant, mine(ids)),
      findByIdentities: async (tenant, keys) =>
        (await members.findByIdentities(tenant, keys)).map((member) => (member?.id === own ? member : null)),
      async page(tenant, { after }) {
        const rows =
          after !== null && Number(after) >= Number(own) ? [] : await members.findByIds(tenant, [own])
        return { rows, hasNext: false }
      },
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
    },
    purchases: {
      findByKeys: async (tenant, keys) => (await purchases.findByKeys(tenant, keys)).filter(isOwn),
      pagesOf: (tenant, requests) => pages(requests, (some) => purchases.pagesOf(tenant, some), noPage),
    },
    activities: {
      pagesOf: (tenant, requests) => pages(requests, (some) => activities.pagesOf(tenant, some), noPage),
      findByKeys: async (tenant, keys) => (await activities.findByKeys(tenant, keys)).filter(isOwn),
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
        const found = await accounts.statements(keys, now, zone)
        return found.map((statement, index) => (keys[index]?.holder.id === own ? statement : null))
      },
    },
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
