import type { Decimal } from '../shared/decimal'
import type { ProgramId } from '../shared/ids'
import type { Points } from '../shared/points'
import type { Tier } from '../tiers/tier'
import type { TierWindow } from '../tiers/tier-window'

/** How long points live, counted from the award in the tenant's zone; null is for ever. */
export type ExpiryRule =
  { readonly days: number } | { readonly months: number; readonly endOfMonth: boolean } | null

/** Until when the points of an order wait: some days after it was placed, after each item ships, or after the last does. */
export const HOLD_KINDS = ['NONE', 'ORDER_PLACED', 'ITEM_SHIP', 'ALL_ITEMS_SHIP'] as const
export type HoldKind = (typeof HOLD_KINDS)[number]

/** Points per unit of money for orders whose points we compute: unit price x ratio x quantity. */
export interface OrderRule {
  readonly actionId: number
  readonly ratio: Decimal
  readonly hold: HoldKind
  readonly holdDays: number
}

/** Purchases whose points the client computes. */
export interface IssuanceRule {
  readonly actionId: number
}

/** Points for transactions: a rate on the lines' net amounts, or on the bill's. */
export interface TransactionRule {
  readonly pointsPerCurrencyUnit: Decimal
  /** `line-net` falls back to the bill's net amount when there are no lines. */
  readonly basis: 'line-net' | 'bill-net'
}

/** A further currency that transactions earn beside points, in wallets of its own. */
export interface AlternateCurrency {
  /** What clients know it by. */
  readonly identifier: string
  readonly name: string
  /** Units of it per unit of money; zero: it is not earned any more. */
  readonly perCurrencyUnit: Decimal
}

/** An award without a purchase. */
export interface Action {
  readonly actionId: number
  readonly name: string
  readonly award: Points
  /** At most so many points of this action for one member; null: no limit. */
  readonly limit: ActionLimit | null
  /** ISO 8601 duration that must pass between two awards to one member; null: none. */
  readonly coolDown: string | null
  /** Its points wait so many days before they can be spent; null: they do not wait. */
  readonly holdDays: number | null
}

export const LIMIT_PERIODS = ['lifetime', 'day', 'week', 'month', 'year'] as const
export type LimitPeriod = (typeof LIMIT_PERIODS)[number]

/** Calendar periods are the tenant's zone's; a week starts on Monday. */
export interface ActionLimit {
  readonly points: Points
  readonly per: LimitPeriod
}

export interface Reward {
  readonly rewardId: string
  readonly name: string
  readonly cost: Points
  readonly category: string | null
  readonly categoryId: string | null
  readonly description: string | null
  readonly terms: string | null
  readonly attribute: string | null
  readonly url: string | null
  readonly imageUrl: string | null
  /** How long a code can be used once it is issued; null: for ever. */
  readonly codeDays: number | null
  /** Codes come from the setup's list until it is used up; otherwise one is made for each redemption. */
  readonly listsCodes: boolean
}

/** A loyalty program as it stands at one version of the tenant's setup. */
export interface Program {
  readonly id: ProgramId
  readonly key: string
  readonly title: string
  readonly isDefault: boolean
  /** Decimals that points may have here, 0 to 3. */
  readonly pointsDecimals: number
  /** What one point is worth in the tenant's currency, or null. */
  readonly pointsToCurrency: Decimal | null
  readonly expiry: ExpiryRule
  readonly orders: OrderRule | null
  readonly issuances: IssuanceRule | null
  readonly transactions: TransactionRule | null
  readonly actions: readonly Action[]
  readonly rewards: readonly Reward[]
  /** Names of further kinds of points, each with balances of its own. */
  readonly buckets: readonly string[]
  /** In the order of their identifiers. */
  readonly alternateCurrencies: readonly AlternateCurrency[]
  /** Lowest first. */
  readonly tiers: readonly Tier[]
  /** Which past the period thresholds of its tiers look at; null: tiers look at whole lifetimes only. */
  readonly tierWindow: TierWindow | null
}
