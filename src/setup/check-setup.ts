import type { TakenNames } from '../domain/programs/setup-definition'
import { type Problem, pathText } from './problems'
import type { MemberDocument, ProgramDocument, SetupDocument, TenantDocument } from './schema'
import { sha256Hex } from './to-definition'

type Path = readonly PropertyKey[]

/** What the shape of a document cannot say: uniqueness, references, figures that must fit. Every problem at once. Pure. */
export const checkSetup = (document: SetupDocument, taken: TakenNames): readonly Problem[] => [
  ...repeated(document.tenants, ['tenants'], 'key', ({ key }) => key),
  ...acrossTenants(document, taken),
  ...document.tenants.flatMap((tenant, index) => checkTenant(tenant, ['tenants', index], taken)),
]

/** Names that are unique over all tenants, in the document and in the database. */
function acrossTenants({ tenants }: SetupDocument, taken: TakenNames): readonly Problem[] {
  const claims = (of: (tenant: TenantDocument, at: Path) => readonly Claim[]): readonly Claim[] =>
    tenants.flatMap((tenant, index) => of(tenant, ['tenants', index]))
  return [
    ...conflicts(claims(siteClaims), taken.doors),
    ...conflicts(claims(orgClaims), taken.doors),
    ...conflicts(claims(tillClaims), taken.tills),
    ...conflicts(claims(oauthClaims), taken.oauthClients),
    ...conflicts(claims(apiKeyClaims), taken.apiKeyHashes),
  ]
}

interface Claim {
  readonly tenant: string
  readonly name: string
  readonly path: Path
}

const siteClaims = ({ key, annex }: TenantDocument, at: Path): readonly Claim[] =>
  annex ? [{ tenant: key, name: `annex ${annex.siteId}`, path: [...at, 'annex', 'siteId'] }] : []

const orgClaims = ({ key, capillary }: TenantDocument, at: Path): readonly Claim[] =>
  capillary
    ? [{ tenant: key, name: `capillary ${capillary.orgId}`, path: [...at, 'capillary', 'orgId'] }]
    : []

const tillClaims = ({ key, capillary }: TenantDocument, at: Path): readonly Claim[] =>
  (capillary?.tills ?? []).map(({ code }, i) => ({
    tenant: key,
    name: code,
    path: [...at, 'capillary', 'tills', i, 'code'],
  }))

const oauthClaims = ({ key, capillary }: TenantDocument, at: Path): readonly Claim[] =>
  (capillary?.oauthClients ?? []).map((client, i) => ({
    tenant: key,
    name: client.key,
    path: [...at, 'capillary', 'oauthClients', i, 'key'],
  }))

const apiKeyClaims = ({ key, apiKeys }: TenantDocument, at: Path): readonly Claim[] =>
  apiKeys.map((apiKey, i) => ({
    tenant: key,
    name: sha256Hex(apiKey.key),
    path: [...at, 'apiKeys', i, 'key'],
  }))

function conflicts(claims: readonly Claim[], taken: ReadonlyMap<string, string>): readonly Problem[] {
  const seen = new Map<string, Claim>()
  return claims.flatMap((claim) => {
    const earlier = seen.get(claim.name)
    if (!earlier) seen.set(claim.name, claim)
    const holder = earlier ? earlier.tenant : taken.get(claim.name)
    if (holder === undefined || (holder === claim.tenant && !earlier)) return []
    const message =
      holder === claim.tenant
        ? `is named twice (${pathText((earlier ?? claim).path)})`
        : `is used by tenant "${holder}"`
    return [{ path: pathText(claim.path), message }]
  })
}

const checkTenant = (tenant: TenantDocument, at: Path, taken: TakenNames): readonly Problem[] => [
  ...repeated(tenant.apiKeys, [...at, 'apiKeys'], 'name', ({ name }) => name),
  ...checkDoors(tenant, at),
  ...checkPrograms(tenant, at, taken),
  ...repeated(tenant.stores, [...at, 'stores'], 'storeId', ({ storeId }) => storeId),
  ...checkMembers(tenant, at),
  ...checkGroups(tenant, at),
  ...(tenant.demoHistory && !tenant.sandbox
    ? [problem([...at, 'demoHistory'], 'is only for a sandbox')]
    : []),
]

function checkDoors({ annex, capillary, programs, stores }: TenantDocument, at: Path): readonly Problem[] {
  const tills = new Set(capillary?.tills.map(({ code }) => code))
  const wanted = annex?.settings.program
  return [
    ...(wanted !== undefined && !programs.some(({ key }) => key === wanted)
      ? [problem([...at, 'annex', 'settings', 'program'], `is not a program of this tenant`)]
      : []),
    ...(stores.length > 0 && !annex
      ? [problem([...at, 'stores'], 'belong to the Annex door, which this tenant has not')]
      : []),
    ...repeated(capillary?.stores ?? [], [...at, 'capillary', 'stores'], 'code', ({ code }) => code),
    ...(capillary?.oauthClients ?? []).flatMap(({ till }, i) =>
      tills.has(till)
        ? []
        : [problem([...at, 'capillary', 'oauthClients', i, 'till'], 'is not a till of this tenant')],
    ),
    ...Object.entries(capillary?.currencyRatios ?? {}).flatMap(([code, ratio]) =>
      Number(ratio) > 0
        ? []
        : [problem([...at, 'capillary', 'currencyRatios', code], 'must be more than zero')],
    ),
  ]
}

function checkPrograms(
  { key: tenant, programs }: TenantDocument,
  at: Path,
  taken: TakenNames,
): readonly Problem[] {
  const list = [...at, 'programs']
  const defaults = programs.filter((program) => program.default).length
  return [
    ...repeated(programs, list, 'key', ({ key }) => key),
    ...repeated(programs, list, 'programId', ({ programId }) => String(programId)),
    ...(defaults === 1 ? [] : [problem(list, `exactly one must be the default, ${defaults} are`)]),
    ...programs.flatMap((program, i) => [
      ...checkProgram(program, [...list, i]),
      ...renumbered(program, taken.programIds.get(`${tenant} ${program.key}`), [...list, i, 'programId']),
    ]),
  ]
}

/** Wallets hang on the number, so that a program keeps it for ever. */
const renumbered = (
  { programId }: ProgramDocument,
  inForce: string | undefined,
  path: Path,
): readonly Problem[] =>
  inForce === undefined || inForce === String(programId)
    ? []
    : [problem(path, `cannot change: the program has the number ${inForce}`)]

function checkProgram(program: ProgramDocument, at: Path): readonly Problem[] {
  const fits = (value: string | number | undefined, path: Path): readonly Problem[] =>
    value === undefined || decimalsOf(value) <= program.pointsDecimals
      ? []
      : [problem(path, `has more decimals than the program's points (${program.pointsDecimals})`)]
  return [
    ...repeated(program.actions, [...at, 'actions'], 'actionId', ({ actionId }) => String(actionId)),
    ...repeated(program.tiers, [...at, 'tiers'], 'name', ({ name }) => name),
    ...repeated(program.rewards, [...at, 'rewards'], 'rewardId', ({ rewardId }) => String(rewardId)),
    ...program.actions.flatMap(({ award, maxPoints, per }, i) => [
      ...fits(award, [...at, 'actions', i, 'award']),
      ...fits(maxPoints, [...at, 'actions', i, 'maxPoints']),
      ...(per !== undefined && maxPoints === undefined
        ? [problem([...at, 'actions', i, 'per'], 'says nothing without maxPoints')]
        : []),
    ]),
    ...program.rewards.flatMap(({ codes }, i) => repeatedText(codes, [...at, 'rewards', i, 'codes'])),
    ...repeatedText(program.buckets, [...at, 'buckets']),
    ...repeated(
      program.alternateCurrencies,
      [...at, 'alternateCurrencies'],
      'identifier',
      ({ identifier }) => identifier,
    ),
    ...program.rewards.flatMap(({ cost }, i) => fits(cost, [...at, 'rewards', i, 'cost'])),
    ...program.tiers.flatMap(({ minLifetimePoints, minPeriodPoints, minPeriodSpend }, i) => [
      ...fits(minLifetimePoints, [...at, 'tiers', i, 'minLifetimePoints']),
      ...fits(minPeriodPoints, [...at, 'tiers', i, 'minPeriodPoints']),
      ...(program.tierPeriod === undefined && (minPeriodPoints ?? minPeriodSpend) !== undefined
        ? [problem([...at, 'tiers', i], 'looks at a period, and the program has no tierPeriod')]
        : []),
    ]),
  ]
}

/** Groups by their ids, and nobody in two of them. Whether their members exist shows when they are applied. */
function checkGroups({ groups }: TenantDocument, at: Path): readonly Problem[] {
  const list = [...at, 'groups']
  const seen = new Map<string, string>()
  return [
    ...repeated(groups, list, 'groupId', ({ groupId }) => String(groupId)),
    ...groups.flatMap(({ groupId, owner, members }, i) =>
      [...new Set([owner, ...members])].flatMap((ref) => {
        const other = seen.get(ref)
        seen.set(ref, String(groupId))
        return other === undefined
          ? []
          : [problem([...list, i], `"${ref}" is in group "${other}" already, and can be in one only`)]
      }),
    ),
  ]
}

function repeatedText(entries: readonly string[], at: Path): readonly Problem[] {
  const seen = new Map<string, number>()
  return entries.flatMap((entry, index) => {
    const first = seen.get(entry)
    if (first === undefined) seen.set(entry, index)
    return first === undefined ? [] : [problem([...at, index], `is the same as ${pathText([...at, first])}`)]
  })
}

const decimalsOf = (value: string | number): number =>
  String(value).split('.')[1]?.replace(/0+$/, '').length ?? 0

function checkMembers({ members, capillary, annex, programs }: TenantDocument, at: Path): readonly Problem[] {
  const list = [...at, 'members']
  const decimals = programs.find((program) => program.default)?.pointsDecimals ?? 0
  return [
    ...repeated(members, list, 'ref', ({ ref }) => ref),
    ...repeated(members, list, 'annexId', ({ annexId }) => annexId?.toLowerCase()),
    ...repeated(members, list, 'capillaryId', ({ capillaryId }) => capillaryId?.toString()),
    ...members.flatMap((member, i) =>
      checkMember(member, [...list, i], { annex: !!annex, capillary: !!capillary, decimals }),
    ),
  ]
}

function checkMember(
  member: MemberDocument,
  at: Path,
  has: { readonly annex: boolean; readonly capillary: boolean; readonly decimals: number },
): readonly Problem[] {
  return [
    ...(member.annexId !== undefined && !has.annex
      ? [problem([...at, 'annexId'], 'this tenant has no Annex door')]
      : []),
    ...(member.identifiers.length > 0 && !has.capillary
      ? [problem([...at, 'identifiers'], 'this tenant has no Capillary door')]
      : []),
    ...repeated(member.credits, [...at, 'credits'], 'ref', ({ ref }) => ref),
    ...member.credits.flatMap(({ points }, i) =>
      decimalsOf(points) <= has.decimals
        ? []
        : [
            problem(
              [...at, 'credits', i, 'points'],
              `has more decimals than the program's points (${has.decimals})`,
            ),
          ],
    ),
  ]
}

/** Entries of a list that share a natural key; an entry without one (undefined) shares nothing. */
function repeated<T>(
  entries: readonly T[],
  at: Path,
  field: string,
  keyOf: (entry: T) => string | undefined,
): readonly Problem[] {
  const seen = new Map<string, number>()
  return entries.flatMap((entry, index) => {
    const key = keyOf(entry)
    if (key === undefined) return []
    const first = seen.get(key)
    if (first === undefined) seen.set(key, index)
    return first === undefined
      ? []
      : [problem([...at, index, field], `is the same as ${pathText([...at, first, field])}`)]
  })
}

const problem = (path: Path, message: string): Problem => ({ path: pathText(path), message })
