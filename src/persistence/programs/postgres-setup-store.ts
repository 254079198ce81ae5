import type {
  ChangeCount,
  DoorDefinition,
  GroupDefinition,
  MemberDefinition,
  ProgramDefinition,
  RewardDefinition,
  SecretHashes,
  SetupChanges,
  SetupStore,
  TakenNames,
  TenantDefinition,
  TenantExport,
} from '../../domain/programs/setup-definition'
import type { AuditEntry, AuditQuery, AuditRecord } from '../../domain/programs/audit'
import type { JsonObject } from '../../domain/shared/json'
import { present } from '../../domain/shared/present'
import type { Connection, Statement } from '../sql'
import type { SecretBox } from './secret-box'
import * as statements from './setup-statements'

/** Setups in PostgreSQL: each kind is one statement that writes only what differs, and says how much that was. */
export class PostgresSetupStore implements SetupStore {
  constructor(
    private readonly connection: Connection,
    private readonly box: SecretBox,
    /** Told before anything of a setup or a clock is written. */
    private readonly changing: () => void = () => undefined,
  ) {}

  async lock(): Promise<void> {
    this.changing()
    await this.connection.sql.rows(statements.LOCK, [])
  }

  async taken(): Promise<TakenNames> {
    const rows = await this.connection.sql.rows<{ kind: keyof TakenNames; name: string; holder: string }>(
      statements.TAKEN,
      [],
    )
    const of = (kind: keyof TakenNames) =>
      new Map(rows.filter((row) => row.kind === kind).map(({ name, holder }) => [name, holder]))
    return {
      doors: of('doors'),
      tills: of('tills'),
      oauthClients: of('oauthClients'),
      apiKeyHashes: of('apiKeyHashes'),
      programIds: of('programIds'),
    }
  }

  async secretHashes(tenantKey: string): Promise<SecretHashes> {
    return {
      tills: await this.storedHashes(statements.TILL_HASHES, tenantKey),
      oauthClients: await this.storedHashes(statements.OAUTH_HASHES, tenantKey),
    }
  }

  async applyTenant(definition: TenantDefinition, prune: boolean) {
    const { tenantId, ...head } = await this.upsertTenant(definition)
    const kinds: [string, ChangeCount][] = [
      ['tenants', head],
      ['apiKeys', await this.write(statements.API_KEYS, tenantId, definition.apiKeys, prune)],
      [
        'doors',
        await this.write(statements.DOORS, tenantId, await this.sealed(tenantId, definition.doors), false),
      ],
      ['stores', await this.write(statements.STORES, tenantId, definition.shops, prune)],
      ['tills', await this.write(statements.TILLS, tenantId, definition.tills, prune)],
      ['oauthClients', await this.write(statements.OAUTH_CLIENTS, tenantId, definition.oauthClients, prune)],
      ['programs', await this.writePrograms(tenantId, definition, prune)],
      ['tiers', await this.write(statements.TIERS, tenantId, tiersOf(definition), prune)],
      ['rewardCodes', await this.writeCodes(tenantId, codesOf(definition), prune)],
    ]
    if (kinds.some(([, { created, updated, removed }]) => created + updated + removed > 0)) {
      await this.connection.sql.rows(statements.RAISE_VERSION, [tenantId])
      await this.connection.sql.rows(statements.FORGET_TIER_STEPS, [tenantId])
    }
    return { tenantId, changes: Object.fromEntries(kinds) satisfies SetupChanges }
  }

  async namedMembers(tenantId: number): Promise<readonly MemberDefinition[]> {
    const [row] = await this.connection.sql.rows<{ members: MemberDefinition[] }>(statements.NAMED_MEMBERS, [
      tenantId,
    ])
    return row?.members ?? []
  }

  async rememberMembers(tenantId: number, members: readonly MemberDefinition[]): Promise<void> {
    await this.connection.sql.rows(statements.REMEMBER_MEMBERS, [tenantId, JSON.stringify(members)])
  }

  async namedGroups(tenantId: number): Promise<readonly GroupDefinition[]> {
    const [row] = await this.connection.sql.rows<{ groups: GroupDefinition[] }>(statements.NAMED_GROUPS, [
      tenantId,
    ])
    return row?.groups ?? []
  }

  async rememberGroups(tenantId: number, groups: readonly GroupDefinition[]): Promise<void> {
    await this.connection.sql.rows(statements.REMEMBER_GROUPS, [tenantId, JSON.stringify(groups)])
  }

  async export(keys: readonly string[] | null): Promise<readonly TenantExport[]> {
    return this.connection.sql.rows<TenantExport>(statements.EXPORT, [keys])
  }

  async setClock(tenantId: number, offsetMillis: number): Promise<void> {
    this.changing()
    await this.connection.sql.rows(statements.SET_CLOCK, [tenantId, offsetMillis])
  }

  async forget(tenantId: number): Promise<void> {
    this.changing()
    for (const statement of statements.FORGET_FIRST) await this.connection.sql.rows(statement, [tenantId])
    await this.connection.sql.rows(statements.FORGET_LEDGER, [tenantId])
    for (const statement of statements.FORGET) await this.connection.sql.rows(statement, [tenantId])
  }

  async amendDoor(tenantId: number, door: string, setting: string, entries: JsonObject): Promise<void> {
    this.changing()
    await this.connection.sql.rows(statements.AMEND_DOOR, [tenantId, door, setting, entries])
    await this.connection.sql.rows(statements.RAISE_VERSION, [tenantId])
  }

  async audited(action: string): Promise<boolean> {
    return (await this.connection.sql.rows(statements.AUDITED, [action])).length > 0
  }

  async audit({ tenantId, actor, action, details, origin, ...hashes }: AuditEntry): Promise<void> {
    const { beforeHash = null, afterHash = null } = hashes
    const { requestId = null, reason = null } = origin ?? {}
    const values = [tenantId, actor, action, details, requestId, reason, beforeHash, afterHash]
    await this.connection.sql.rows(statements.AUDIT, values)
  }

  async auditTrail({ tenant, before, limit }: AuditQuery): Promise<readonly AuditRecord[]> {
    return this.connection.sql.rows(statements.AUDIT_TRAIL, [tenant, before, limit])
  }

  private async upsertTenant({ key, name, sandbox, timeZone, currency, identityLinking }: TenantDefinition) {
    const [row] = await this.connection.sql.rows<{ tenantId: number; created: boolean; changed: boolean }>(
      statements.UPSERT_TENANT,
      [key, name, sandbox, timeZone, currency, identityLinking],
    )
    const { tenantId, created, changed } = present(row, 'the tenant')
    return {
      tenantId,
      created: created ? 1 : 0,
      updated: !created && changed ? 1 : 0,
      removed: 0,
      unchanged: changed ? 0 : 1,
    }
  }

  private async write(
    statement: Statement,
    tenantId: number,
    wanted: readonly object[],
    prune: boolean,
  ): Promise<ChangeCount> {
    const [row] = await this.connection.sql.rows<{ created: string; updated: string; removed: string }>(
      statement,
      [tenantId, JSON.stringify(wanted), prune],
    )
    const counts = present(row, 'the count of changes')
    const [created, updated, removed] = [
      Number(counts.created),
      Number(counts.updated),
      Number(counts.removed),
    ]
    return { created, updated, removed, unchanged: wanted.length - created - updated }
  }

  /** A part at a time: what a document may list of them takes longer than one statement may. */
  private async writeCodes(
    tenantId: number,
    codes: ReturnType<typeof codesOf>,
    prune: boolean,
  ): Promise<ChangeCount> {
    const parts = Array.from({ length: Math.ceil(codes.length / CODES_AT_ONCE) }, (_, n) =>
      codes.slice(n * CODES_AT_ONCE, (n + 1) * CODES_AT_ONCE),
    )
    let created = 0
    for (const part of parts)
      created += (await this.write(statements.REWARD_CODES, tenantId, part, false)).created
    const counted = { created, updated: 0, removed: 0, unchanged: codes.length - created }
    if (!prune) return counted
    const values = [tenantId, JSON.stringify(codes)]
    const [row] = await this.connection.sql.rows<{ removed: string }>(statements.PRUNE_REWARD_CODES, values)
    return { ...counted, removed: Number(row?.removed) }
  }

  /** The old default steps down first: the one-default index is asked row by row. */
  private async writePrograms(
    tenantId: number,
    definition: TenantDefinition,
    prune: boolean,
  ): Promise<ChangeCount> {
    const chosen = present(
      definition.programs.find(({ isDefault }) => isDefault),
      'the default program',
    )
    await this.connection.sql.rows(statements.DEMOTE_PROGRAMS, [tenantId, chosen.key])
    return this.write(
      statements.PROGRAMS,
      tenantId,
      await this.mergedPrograms(tenantId, definition, prune),
      prune,
    )
  }

  /** Doors with their secrets sealed; what is sealed already and opens to the same text stays as it is. */
  private async sealed(tenantId: number, doors: readonly DoorDefinition[]) {
    const rows = await this.connection.sql.rows<{ door: string; secrets: Buffer[] }>(
      statements.SEALED_SECRETS,
      [tenantId],
    )
    const known = new Map(rows.map(({ door, secrets }) => [door, secrets]))
    return doors.map(({ secrets, ...door }) => {
      const stored = known.get(door.name) ?? []
      const same =
        stored.length === secrets.length &&
        stored.every((secret, i) => this.opens(secret, present(secrets[i], 'a secret')))
      return {
        ...door,
        secrets: (same ? stored : secrets.map((secret) => this.box.seal(secret))).map((b) =>
          b.toString('base64'),
        ),
      }
    })
  }

  private opens(sealed: Buffer, text: string): boolean {
    try {
      return this.box.open(sealed) === text
    } catch {
      return false // Sealed with a key that is gone: it will be sealed anew.
    }
  }

  private async storedHashes(statement: Statement, tenantKey: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.connection.sql.rows<{ name: string; hash: string }>(statement, [tenantKey])
    return new Map(rows.map(({ name, hash }) => [name, hash]))
  }

  /** Actions and rewards live inside a program's rules: those that the document does not name are kept, unless pruned. */
  private async mergedPrograms(tenantId: number, { programs }: TenantDefinition, prune: boolean) {
    const rows = await this.connection.sql.rows<{ key: string; rules: Rules }>(statements.PROGRAM_RULES, [
      tenantId,
    ])
    const known = new Map(rows.map(({ key, rules }) => [key, rules]))
    return programs.map(
      ({
        tiers: _tiers,
        expiry,
        purchase,
        issuance,
        transactions,
        actions,
        rewards,
        buckets,
        alternateCurrencies,
        tierWindow,
        ...program
      }) => {
        const kept = prune ? undefined : known.get(program.key)
        return {
          ...program,
          rules: {
            expiry,
            purchase,
            issuance,
            transactions,
            actions: merged(kept?.actions, actions, ({ actionId }) => String(actionId)),
            rewards: merged(kept?.rewards, rewardRules(rewards, kept?.rewards), ({ rewardId }) => rewardId),
            buckets: [...new Set([...(kept?.buckets ?? []), ...buckets])],
            // Never pruned: what was earned of it can still come back. A rate of nothing ends it.
            alternateCurrencies: merged(
              known.get(program.key)?.alternateCurrencies,
              alternateCurrencies,
              ({ identifier }) => identifier,
            ),
            tierWindow,
          },
        }
      },
    )
  }
}

const CODES_AT_ONCE = 5_000

interface Rules {
  readonly actions: readonly { readonly actionId: number }[]
  readonly rewards: readonly { readonly rewardId: string; readonly listsCodes?: boolean }[]
  readonly buckets?: readonly string[]
  readonly alternateCurrencies?: ProgramDefinition['alternateCurrencies']
}

function merged<Entry>(
  kept: readonly Entry[] = [],
  wanted: readonly Entry[],
  keyOf: (entry: Entry) => string,
): readonly Entry[] {
  const named = new Set(wanted.map(keyOf))
  return [...kept.filter((entry) => !named.has(keyOf(entry))), ...wanted].sort((a, b) =>
    compare(keyOf(a), keyOf(b)),
  )
}

const compare = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** Codes live in a table of their own; a reward that had some keeps to them. */
const rewardRules = (
  rewards: ProgramDefinition['rewards'],
  kept: Rules['rewards'] = [],
): readonly RewardDefinition[] =>
  rewards.map(({ codes: _codes, ...reward }) => ({
    ...reward,
    listsCodes:
      reward.listsCodes ||
      kept.some(({ rewardId, listsCodes }) => rewardId === reward.rewardId && listsCodes === true),
  }))

const codesOf = ({ programs }: TenantDefinition) =>
  programs.flatMap(({ programId, rewards }) =>
    rewards.flatMap(({ rewardId, codes }) => codes.map((code) => ({ programId, rewardId, code }))),
  )

const tiersOf = ({ programs }: TenantDefinition) =>
  programs.flatMap(({ programId, tiers }) =>
    tiers.map((tier, index) => ({
      ...tier,
      minLifetimePoints: tier.minLifetimePoints?.toString() ?? null,
      minPeriodPoints: tier.minPeriodPoints?.toString() ?? null,
      programId,
      rank: index + 1,
    })),
  )
