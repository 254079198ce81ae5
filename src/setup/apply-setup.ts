import { createHash } from 'node:crypto'
import type { LoyaltyDeps } from '../domain/loyalty'
import { enrollIn } from '../domain/members/enroll-member'
import { bookOpening } from '../domain/points/book-opening'
import type { ChangeOrigin } from '../domain/programs/audit'
import type {
  ChangeCount,
  GroupDefinition,
  MemberDefinition,
  SecretHashes,
  SetupChanges,
  TenantDefinition,
} from '../domain/programs/setup-definition'
import { type Tenant, tenantAt } from '../domain/programs/tenant'
import { LoyaltyError } from '../domain/shared/errors'
import type { MemberId, TenantId } from '../domain/shared/ids'
import type { JsonObject } from '../domain/shared/json'
import { type Points, points } from '../domain/shared/points'
import { present } from '../domain/shared/present'
import type { Stores } from '../domain/stores'
import { ZERO_AMOUNT } from '../domain/shared/money'
import { settleStanding } from '../domain/tiers/settle-standing'
import { checkSetup } from './check-setup'
import { exportSetup } from './export-setup'
import { withHashes } from './hash-secrets'
import { SetupRefused, toProblems } from './problems'
import { type SetupDocument, setupSchema } from './schema'
import { beyond, type SetupLimits } from './setup-limits'
import { toTenantDefinition } from './to-definition'

/** What an application of a setup did: per tenant, per kind, how many entries. */
export type SetupOutcome = Readonly<Record<string, SetupChanges>>

export interface ApplyOptions {
  /** Removes programs, tiers, actions, rewards, stores, tills and clients that the document does not mention. */
  readonly prune: boolean
  /** For the audit log: `cli`, `admin`, `first start`. */
  readonly actor: string
  readonly origin?: ChangeOrigin | undefined
  /** How much a document may ask for at once; endless where nobody waits for an answer. */
  readonly limits?: SetupLimits
}

/**
 * Applies a setup document: everything of it in one transaction, or nothing. Applying it again changes nothing.
 * Throws SetupRefused with every problem by path.
 */
export async function applySetup(
  deps: LoyaltyDeps,
  document: unknown,
  options: ApplyOptions,
): Promise<SetupOutcome> {
  const parsed = setupSchema.safeParse(document)
  if (!parsed.success) throw new SetupRefused(toProblems(parsed.error.issues))
  const tooMuch = beyond(options.limits, parsed.data)
  if (tooMuch.length > 0) throw new SetupRefused(tooMuch)
  const definitions = await prepared(deps, parsed.data)
  const keys = definitions.map(({ key }) => key)
  return deps.unitOfWork.run(async (stores) => {
    await stores.setup.lock()
    await assertFits(stores, parsed.data)
    const before = await hashesOf(stores, keys)
    const applied: { key: string; tenantId: number; changes: SetupChanges }[] = []
    for (const [index, definition] of definitions.entries()) {
      const done = await applyTenant(deps, stores, definition, index, options)
      applied.push({ key: definition.key, ...done })
    }
    const after = await hashesOf(stores, keys)
    for (const { key, tenantId, changes } of applied) {
      await stores.setup.audit({
        tenantId,
        actor: options.actor,
        action: 'setup.apply',
        details: { prune: options.prune, changes: countsOf(changes) },
        origin: options.origin,
        ...hashed('beforeHash', before.get(key)),
        ...hashed('afterHash', after.get(key)),
      })
    }
    return Object.fromEntries(applied.map(({ key, changes }) => [key, changes]))
  })
}

async function assertFits({ setup }: Stores, document: SetupDocument): Promise<void> {
  const problems = checkSetup(document, await setup.taken())
  if (problems.length > 0) throw new SetupRefused(problems)
}

/** The tenants with their secrets hashed, which takes long: before the transaction that writes them, and after a first look whether they fit. */
async function prepared(deps: LoyaltyDeps, document: SetupDocument): Promise<readonly TenantDefinition[]> {
  const known = await deps.unitOfWork.run(async (stores) => {
    await assertFits(stores, document)
    const hashes = new Map<string, SecretHashes>()
    for (const { key } of document.tenants) hashes.set(key, await stores.setup.secretHashes(key))
    return hashes
  })
  const definitions: TenantDefinition[] = []
  for (const tenant of document.tenants)
    definitions.push(
      await withHashes(toTenantDefinition(tenant), present(known.get(tenant.key), 'its hashes')),
    )
  return definitions
}

/** SHA-256 of what is in force for each of the tenants, as the export says it: without secrets. */
async function hashesOf({ setup }: Stores, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { tenants } = (await exportSetup(setup, keys)) as {
    readonly tenants: readonly { readonly key: string }[]
  }
  return new Map(
    tenants.map((tenant) => [tenant.key, createHash('sha256').update(JSON.stringify(tenant)).digest('hex')]),
  )
}

const countsOf = (changes: SetupChanges): JsonObject =>
  Object.fromEntries(Object.entries(changes).map(([kind, count]) => [kind, { ...count }]))

const hashed = <Name extends string>(name: Name, hash: string | undefined): { [name in Name]?: string } =>
  (hash === undefined ? {} : { [name]: hash }) as { [name in Name]?: string }

async function applyTenant(
  { clock }: LoyaltyDeps,
  stores: Stores,
  definition: TenantDefinition,
  index: number,
  { prune, actor }: ApplyOptions,
): Promise<{ readonly tenantId: number; readonly changes: SetupChanges }> {
  const { tenantId, changes } = await stores.setup.applyTenant(definition, prune)
  const head = present(await stores.tenants.headById(tenantId as TenantId), 'the tenant')
  const setup = await stores.tenants.setup(head.tenantId, head.setupVersion)
  const booked = await applyMembers(
    stores,
    tenantAt(setup, head, clock),
    definition.members,
    actor,
    `tenants[${index}].members`,
  )
  await remember(stores, tenantId, definition.members)
  const groups = await applyGroups(
    stores,
    tenantAt(setup, head, clock),
    definition.groups,
    `tenants[${index}].groups`,
  )
  await rememberGroups(stores, tenantId, definition.groups)
  return { tenantId, changes: { ...changes, ...booked, groups } }
}

/** Enrolls the named members and books their opening balances, once each. `at`: where the list stands in the document. */
export async function applyMembers(
  stores: Stores,
  tenant: Tenant,
  members: readonly MemberDefinition[],
  actor: string,
  at: string,
): Promise<{ readonly members: ChangeCount; readonly credits: ChangeCount }> {
  const people = { ...NOTHING }
  const credits = { ...NOTHING }
  for (const [index, definition] of members.entries()) {
    const known = await refOf(stores, tenant, definition.ref)
    const memberId = known ?? (await enrollNamed(stores, tenant, definition, `${at}[${index}]`))
    people[known ? 'unchanged' : 'created']++
    for (const credit of definition.credits) {
      const booked = await bookOpening(stores.ledger, tenant, {
        ...credit,
        memberId,
        ref: `${definition.ref}:${credit.ref}`,
        points: points(credit.points),
        actor,
      })
      credits[booked ? 'created' : 'unchanged']++
      if (booked) await settle(stores, tenant, memberId, booked.balance.lifetime)
    }
  }
  return { members: people, credits }
}

/** Makes the groups and puts their members in; a member who was in another group changes over. */
export async function applyGroups(
  stores: Stores,
  tenant: Tenant,
  groups: readonly GroupDefinition[],
  at: string,
): Promise<ChangeCount> {
  const count = { ...NOTHING }
  for (const [index, { key, name, owner, members }] of groups.entries()) {
    const ids: MemberId[] = []
    for (const ref of members) {
      const id = await refOf(stores, tenant, ref)
      if (!id) throw new SetupRefused([{ path: `${at}[${index}]`, message: `no member is named "${ref}"` }])
      ids.push(id)
    }
    const ownerId = present(ids[members.indexOf(owner)], 'the owner among the members')
    count[await stores.groups.put(tenant.id, { key, name, owner: ownerId, members: ids })]++
  }
  return count
}

const settle = (stores: Stores, tenant: Tenant, memberId: MemberId, lifetime: Points) =>
  settleStanding(stores, tenant, {
    memberId,
    program: tenant.setup.defaultProgram,
    spend: ZERO_AMOUNT,
    lifetime,
  })

const NOTHING = { created: 0, updated: 0, removed: 0, unchanged: 0 }

async function refOf(stores: Stores, tenant: Tenant, ref: string): Promise<MemberId | null> {
  const [member] = await stores.members.findByIdentities(tenant.id, [
    { door: 'setup', type: 'ref', source: null, account: null, value: ref },
  ])
  return member?.id ?? null
}

/** A refusal of a member is a problem of the document, and says where. */
async function enrollNamed(
  stores: Stores,
  tenant: Tenant,
  definition: MemberDefinition,
  at: string,
): Promise<MemberId> {
  try {
    const mobile = definition.identities.find(({ type }) => type === 'mobile')?.value ?? null
    const command = {
      ...definition,
      id: definition.id as MemberId | null,
      door: 'setup',
      mobile,
      joinedAt: null,
      attributes: {},
    }
    return (await enrollIn(stores, tenant, command)).member.id
  } catch (error) {
    if (error instanceof LoyaltyError) throw new SetupRefused([{ path: at, message: error.message }])
    throw error
  }
}

/** Members named before and not now stay named: what a document does not mention is left alone. */
async function remember(
  stores: Stores,
  tenantId: number,
  members: readonly MemberDefinition[],
): Promise<void> {
  const now = new Set(members.map(({ ref }) => ref))
  const before = await stores.setup.namedMembers(tenantId)
  await stores.setup.rememberMembers(tenantId, [...before.filter(({ ref }) => !now.has(ref)), ...members])
}

async function rememberGroups(
  stores: Stores,
  tenantId: number,
  groups: readonly GroupDefinition[],
): Promise<void> {
  const now = new Set(groups.map(({ key }) => key))
  const before = await stores.setup.namedGroups(tenantId)
  await stores.setup.rememberGroups(tenantId, [...before.filter(({ key }) => !now.has(key)), ...groups])
}
