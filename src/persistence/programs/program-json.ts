import type {
  Action,
  ExpiryRule,
  HoldKind,
  Program,
  Reward,
  TransactionRule,
} from '../../domain/programs/program'
import type {
  ActionDefinition,
  ProgramDefinition,
  RewardDefinition,
} from '../../domain/programs/setup-definition'
import { Decimal } from '../../domain/shared/decimal'
import type { ProgramId, TierId } from '../../domain/shared/ids'
import { points } from '../../domain/shared/points'
import type { Tier } from '../../domain/tiers/tier'
import type { TierWindow } from '../../domain/tiers/tier-window'
import { amountOf, pointsOf } from '../columns'

/** A program as its row says it; the rules are in the words of the setup document, figures as decimal text. */
export interface ProgramJson {
  readonly id: ProgramId
  readonly key: string
  readonly title: string
  readonly isDefault: boolean
  readonly pointsDecimals: number
  readonly pointsToCurrency: string | null
  readonly rules: RulesJson
}

/** The setup document's words for what holds points. */
const HOLD_KIND_OF_WORD = {
  none: 'NONE',
  'order-placed': 'ORDER_PLACED',
  'item-ship': 'ITEM_SHIP',
  'all-item-ship-date': 'ALL_ITEMS_SHIP',
} as const satisfies Record<string, HoldKind>
type HoldWord = keyof typeof HOLD_KIND_OF_WORD

export interface RulesJson {
  readonly expiry: ExpiryRule
  /** Setups applied before there were holds and issuances do not say. */
  readonly purchase: {
    readonly actionId: number
    readonly ratio: string
    readonly hold?: HoldWord
    readonly holdDays?: number
  } | null
  readonly issuance?: { readonly actionId: number } | null
  readonly transactions: {
    readonly pointsPerCurrencyUnit: string
    readonly basis: TransactionRule['basis']
  } | null
  readonly actions: readonly (Pick<ActionDefinition, 'actionId' | 'name' | 'award'> &
    Partial<ActionDefinition>)[]
  readonly rewards: readonly (Pick<RewardDefinition, 'rewardId' | 'name' | 'cost' | 'category'> &
    Partial<RewardDefinition>)[]
  readonly buckets?: readonly string[]
  readonly alternateCurrencies?: ProgramDefinition['alternateCurrencies']
  readonly tierWindow?: TierWindow | null
}

export interface TierJson {
  readonly id: TierId
  readonly programId: ProgramId
  readonly rank: number
  readonly name: string
  readonly minLifetimePoints: string | null
  readonly minSpend: string | null
  readonly minPeriodPoints: string | null
  readonly minPeriodSpend: string | null
  readonly purchaseRatio: string | null
}

export const toProgram = (
  { rules, pointsToCurrency, ...row }: ProgramJson,
  tiers: readonly TierJson[],
): Program => ({
  ...row,
  pointsToCurrency: pointsToCurrency === null ? null : new Decimal(pointsToCurrency),
  expiry: rules.expiry,
  orders: rules.purchase && {
    actionId: rules.purchase.actionId,
    ratio: new Decimal(rules.purchase.ratio),
    hold: HOLD_KIND_OF_WORD[rules.purchase.hold ?? 'none'],
    holdDays: rules.purchase.holdDays ?? 0,
  },
  issuances: rules.issuance ?? null,
  transactions: rules.transactions && {
    pointsPerCurrencyUnit: new Decimal(rules.transactions.pointsPerCurrencyUnit),
    basis: rules.transactions.basis,
  },
  actions: rules.actions.map(toAction),
  rewards: rules.rewards.map(toReward),
  buckets: rules.buckets ?? [],
  alternateCurrencies: (rules.alternateCurrencies ?? []).map((currency) => ({
    ...currency,
    perCurrencyUnit: new Decimal(currency.perCurrencyUnit),
  })),
  tiers: tiers.filter(({ programId }) => programId === row.id).map(toTier),
  tierWindow: rules.tierWindow ?? null,
})

// Rules that were stored before a key existed do not have it.
const toAction = ({
  maxPoints,
  per,
  coolDown,
  holdDays,
  award,
  ...action
}: RulesJson['actions'][number]): Action => ({
  ...action,
  award: points(award),
  limit: maxPoints ? { points: points(maxPoints), per: per ?? 'lifetime' } : null,
  coolDown: coolDown ?? null,
  holdDays: holdDays ?? null,
})

const toReward = (reward: RulesJson['rewards'][number]): Reward => ({
  rewardId: reward.rewardId,
  name: reward.name,
  cost: points(reward.cost),
  category: reward.category,
  categoryId: reward.categoryId ?? null,
  description: reward.description ?? null,
  terms: reward.terms ?? null,
  attribute: reward.attribute ?? null,
  url: reward.url ?? null,
  imageUrl: reward.imageUrl ?? null,
  codeDays: reward.codeDays ?? null,
  listsCodes: reward.listsCodes ?? false,
})

const toTier = ({
  minLifetimePoints,
  minSpend,
  minPeriodPoints,
  minPeriodSpend,
  purchaseRatio,
  ...row
}: TierJson): Tier => ({
  ...row,
  minLifetimePoints: minLifetimePoints === null ? null : pointsOf(minLifetimePoints),
  minSpend: minSpend === null ? null : amountOf(minSpend),
  minPeriodPoints: minPeriodPoints === null ? null : pointsOf(minPeriodPoints),
  minPeriodSpend: minPeriodSpend === null ? null : amountOf(minPeriodSpend),
  purchaseRatio: purchaseRatio === null ? null : new Decimal(purchaseRatio),
})
