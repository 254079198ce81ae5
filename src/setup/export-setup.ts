import type { TenantExport } from '../domain/programs/setup-definition'
import type { Json, JsonObject } from '../domain/shared/json'
import type { TierWindow } from '../domain/tiers/tier-window'
import type { SetupStore } from '../domain/programs/setup-definition'

/** What is in force, as a document of the same format. Secrets, passwords and keys are never given back: their places are left out. `keys`: of which tenants; null for all. */
export async function exportSetup(
  store: Pick<SetupStore, 'export'>,
  keys: readonly string[] | null = null,
): Promise<JsonObject> {
  return { version: 1, tenants: (await store.export(keys)).map(toDocument) }
}

function toDocument({
  tenant,
  apiKeys,
  doors,
  stores,
  tills,
  oauthClients,
  programs,
  tiers,
  members,
  groups,
  rewardCodes,
}: TenantExport): JsonObject {
  const door = (name: string) => doors.find((entry) => entry['door'] === name)
  return withoutNulls({
    key: tenant['key'],
    name: tenant['name'],
    sandbox: tenant['sandbox'],
    timeZone: tenant['time_zone'],
    currency: tenant['currency'],
    identityLinking: tenant['identity_linking'],
    apiKeys,
    annex: toAnnex(door('annex')),
    capillary: toCapillary(door('capillary'), stores, tills, oauthClients),
    programs: programs.map((program) => toProgram(program, tiers, rewardCodes)),
    stores: ofDoor(stores, 'annex').map(({ code, name, attributes }) => ({
      storeId: code,
      storeName: name,
      attributes: attributes,
    })),
    members: members.map((member) => toMember(member as unknown as MemberJson)),
    groups: groups.map((group) => toGroup(group as JsonObject)),
  })
}

function toAnnex(door: JsonObject | undefined): Json {
  if (!door) return null
  const { siteName, ...settings } = door['settings'] as JsonObject
  return withoutNulls({
    siteId: door['externalId'],
    siteName: siteName ?? null,
    settings: withoutNulls(settings),
  })
}

function toCapillary(
  door: JsonObject | undefined,
  stores: readonly JsonObject[],
  tills: readonly JsonObject[],
  oauthClients: readonly JsonObject[],
): Json {
  if (!door) return null
  return {
    ...(door['settings'] as JsonObject),
    tills,
    stores: ofDoor(stores, 'capillary').map(({ code, name, externalIds }) => ({
      code: code,
      name: name,
      externalIds: externalIds,
    })),
    oauthClients,
  }
}

const ofDoor = (stores: readonly JsonObject[], door: string) =>
  stores.filter((store) => store['door'] === door)

function toProgram(
  { rules, programId, ...program }: JsonObject,
  tiers: readonly JsonObject[],
  rewardCodes: readonly JsonObject[],
): JsonObject {
  const { expiry, rewards, tierWindow, ...rest } = rules as JsonObject
  const codesOf = (rewardId: Json | undefined) =>
    rewardCodes.find((codes) => codes['programId'] === programId && codes['rewardId'] === rewardId)?.['codes']
  const own = tiers.filter((tier) => tier['programId'] === programId)
  return withoutNulls({
    ...program,
    programId: programId,
    expiry: expiry ?? 'never',
    ...withoutNulls(rest),
    rewards: ((rewards ?? []) as readonly JsonObject[]).map(({ listsCodes: _listsCodes, ...reward }) =>
      withoutNulls({ ...reward, codes: codesOf(reward['rewardId']) ?? null }),
    ),
    tierPeriod: toTierPeriod(tierWindow as unknown as TierWindow | null | undefined),
    tiers: own.map(({ programId: _programId, ...tier }) => withoutNulls(tier)),
  })
}

const toTierPeriod = (window: TierWindow | null | undefined): Json =>
  window
    ? {
        of: window.months === null ? 'calendar-year' : { months: window.months },
        keep: (window.keep ?? 'none') as Json,
      }
    : null

/** A named member as it was remembered. */
interface MemberJson {
  readonly ref: string
  readonly id: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly status: string
  readonly identities: readonly {
    readonly door: string
    readonly type: string
    readonly source: string
    readonly account: string
    readonly value: string
  }[]
  readonly credits: readonly {
    readonly ref: string
    readonly points: string
    readonly expiresAt: string | null
    readonly countsForLifetime: boolean
  }[]
}

const toGroup = ({ key, ...group }: JsonObject): JsonObject => ({ groupId: key, ...group })

const toMember = ({ id, identities, credits, ...member }: MemberJson): JsonObject =>
  withoutNulls({
    ...member,
    annexId: identities.find(({ door }) => door === 'annex')?.value ?? null,
    capillaryId: id === null ? null : Number(id),
    identifiers: identities
      .filter(({ door }) => door === 'capillary')
      .map(({ type, value, source, account }) => ({ type, value, source, accountId: account })),
    credits: credits.map(({ ref, points, expiresAt, countsForLifetime }) => ({
      ref,
      points,
      expires: expiresAt ?? 'never',
      lifetime: countsForLifetime,
    })),
  })

/** Leaves out what has no value, at any depth: a key that is absent means its default. */
const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, pruned(value)]],
    ),
  )

function pruned(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => pruned(item))
  return typeof value === 'object' && value !== null ? withoutNulls(value as JsonObject) : value
}
