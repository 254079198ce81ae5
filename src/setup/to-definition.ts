import { createHash } from 'node:crypto'
import type {
  CreditDefinition,
  DoorDefinition,
  MemberDefinition,
  ProgramDefinition,
  ShopDefinition,
  TierDefinition,
} from '../domain/programs/setup-definition'
import type { ProgramId } from '../domain/shared/ids'
import { instantOf } from '../domain/shared/instant'
import type { JsonObject } from '../domain/shared/json'
import { amount, type Amount } from '../domain/shared/money'
import { points } from '../domain/shared/points'
import type { TenantInClear } from './hash-secrets'
import type { MemberDocument, ProgramDocument, TenantDocument } from './schema'

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const md5Hex = (text: string): string => createHash('md5').update(text).digest('hex')

/** A checked tenant of the document in the domain's words. Pure. */
export const toTenantDefinition = (tenant: TenantDocument): TenantInClear => ({
  key: tenant.key,
  name: tenant.name,
  sandbox: tenant.sandbox,
  timeZone: tenant.timeZone,
  currency: tenant.currency,
  identityLinking: tenant.identityLinking,
  apiKeys: tenant.apiKeys.map(({ name, key, scopes }) => ({ name, keyHash: sha256Hex(key), scopes })),
  doors: toDoors(tenant),
  shops: [...toAnnexShops(tenant), ...toCapillaryShops(tenant)],
  tills: (tenant.capillary?.tills ?? []).map(({ code, store, password }) => ({
    door: 'capillary',
    code,
    shopCode: store,
    // The protocol's password is the hex MD5 of what a person typed (capillary.md section 2).
    password: md5Hex(password),
  })),
  oauthClients: (tenant.capillary?.oauthClients ?? []).map(({ till, ...client }) => ({
    ...client,
    tillCode: till,
  })),
  programs: tenant.programs.map(toProgram),
  members: tenant.members.map(toMember),
  groups: tenant.groups.map(({ groupId, name, owner, members }) => ({
    key: String(groupId),
    name: name ?? String(groupId),
    owner,
    members: [...new Set([owner, ...members])],
  })),
})

function toDoors({ annex, capillary }: TenantDocument): readonly DoorDefinition[] {
  return [...(annex ? [toAnnexDoor(annex)] : []), ...(capillary ? [toCapillaryDoor(capillary)] : [])]
}

const toAnnexDoor = ({
  siteId,
  siteName,
  secrets,
  settings,
}: NonNullable<TenantDocument['annex']>): DoorDefinition => ({
  name: 'annex',
  externalId: String(siteId),
  settings: plain({ siteName: siteName ?? null, ...settings }),
  secrets,
})

function toCapillaryDoor(capillary: NonNullable<TenantDocument['capillary']>): DoorDefinition {
  const {
    orgId,
    region,
    config,
    extendedFields,
    customFields,
    itemAttributes,
    tenders,
    currencyRatios,
    rateLimits,
    redemptions,
  } = capillary
  return {
    name: 'capillary',
    externalId: String(orgId),
    settings: plain({
      orgId,
      region,
      config,
      extendedFields,
      customFields,
      itemAttributes,
      tenders,
      currencyRatios,
      rateLimits,
      redemptions,
    }),
    secrets: [],
  }
}

/** As it will be stored: JSON, without what is not there. */
const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject

const toAnnexShops = ({ stores }: TenantDocument): readonly ShopDefinition[] =>
  stores.map(({ storeId, storeName, attributes }) => ({
    door: 'annex',
    code: storeId,
    name: storeName ?? storeId,
    externalIds: [],
    attributes: plain(attributes),
  }))

/** The stores that tills stand in, with the attributes that the document gives them. */
function toCapillaryShops({ capillary }: TenantDocument): readonly ShopDefinition[] {
  if (!capillary) return []
  const described = new Map(capillary.stores.map((store) => [store.code, store]))
  const codes = new Set([...capillary.tills.map(({ store }) => store), ...described.keys()])
  return [...codes].map((code) => ({
    door: 'capillary',
    code,
    name: described.get(code)?.name ?? code,
    externalIds: described.get(code)?.externalIds ?? [],
    attributes: {},
  }))
}

const decimalText = (value: string | number): Amount => amount(String(value))
const optional = <T, U>(value: T | undefined, convert: (value: T) => U): U | null =>
  value === undefined ? null : convert(value)

const toProgram = (program: ProgramDocument): ProgramDefinition => ({
  programId: String(program.programId) as ProgramId,
  key: program.key,
  title: program.title ?? program.key,
  isDefault: program.default,
  pointsDecimals: program.pointsDecimals,
  pointsToCurrency: optional(program.pointsToCurrency, decimalText),
  expiry: program.expiry === 'never' ? null : program.expiry,
  purchase: optional(program.purchase, ({ ratio, ...purchase }) => ({
    ...purchase,
    ratio: decimalText(ratio),
  })),
  issuance: program.issuance ?? null,
  transactions: optional(program.transactions, ({ pointsPerCurrencyUnit, basis }) => ({
    pointsPerCurrencyUnit: decimalText(pointsPerCurrencyUnit),
    basis,
  })),
  actions: program.actions.map(({ actionId, name, award, maxPoints, per, coolDown, holdDays }) => ({
    actionId,
    name,
    award: String(award),
    maxPoints: optional(maxPoints, String),
    per: maxPoints === undefined ? null : (per ?? 'lifetime'),
    coolDown: coolDown ?? null,
    holdDays: holdDays ?? null,
  })),
  rewards: program.rewards.map((reward) => ({
    rewardId: String(reward.rewardId),
    name: reward.name,
    cost: String(reward.cost),
    category: reward.category ?? null,
    categoryId: optional(reward.categoryId, String),
    description: reward.description ?? null,
    terms: reward.terms ?? null,
    attribute: reward.attribute ?? null,
    url: reward.url ?? null,
    imageUrl: reward.imageUrl ?? null,
    codeDays: reward.codeDays ?? null,
    listsCodes: reward.codes.length > 0,
    codes: reward.codes,
  })),
  buckets: program.buckets,
  alternateCurrencies: program.alternateCurrencies.map((currency) => ({
    ...currency,
    perCurrencyUnit: decimalText(currency.perCurrencyUnit),
  })),
  tierWindow: optional(program.tierPeriod, ({ of, keep }) => ({
    months: of === 'calendar-year' ? null : of.months,
    keep: keep === 'none' ? null : keep,
  })),
  tiers: program.tiers.map((tier): TierDefinition => ({
    name: tier.name,
    minLifetimePoints: optional(tier.minLifetimePoints, (value) => points(String(value))),
    minSpend: optional(tier.minSpend, decimalText),
    minPeriodPoints: optional(tier.minPeriodPoints, (value) => points(String(value))),
    minPeriodSpend: optional(tier.minPeriodSpend, decimalText),
    purchaseRatio: optional(tier.purchaseRatio, decimalText),
  })),
})

const toMember = (member: MemberDocument): MemberDefinition => ({
  ref: member.ref,
  id: optional(member.capillaryId, String),
  firstName: member.firstName ?? null,
  lastName: member.lastName ?? null,
  email: member.email ?? null,
  status: member.status,
  identities: [
    { door: 'setup', type: 'ref', source: '', account: '', value: member.ref },
    ...(member.annexId === undefined
      ? []
      : [{ door: 'annex', type: 'id', source: '', account: '', value: member.annexId }]),
    ...member.identifiers.map(({ type, value, source, accountId }) => ({
      door: 'capillary',
      type,
      source: source.toUpperCase(),
      account: accountId,
      value,
    })),
  ],
  credits: member.credits.map(({ ref, points: value, expires, lifetime }): CreditDefinition => ({
    ref,
    points: String(value),
    expiresAt: expires === 'never' ? null : instantOf(Date.parse(expires)),
    countsForLifetime: lifetime,
  })),
})
