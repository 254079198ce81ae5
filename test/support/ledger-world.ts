import { createHash } from 'node:crypto'
import type { DataSource } from 'typeorm'
import type {
  AccountKey,
  AwardCommand,
  EntryFacts,
  Idempotency,
  RedeemCommand,
  ReverseCommand,
} from '../../src/domain/points/ledger'
import type { MemberId, ProgramId, TenantId } from '../../src/domain/shared/ids'
import type { Instant } from '../../src/domain/shared/instant'
import { points } from '../../src/domain/shared/points'
import { verifyLedger } from '../../src/persistence/points/verify-ledger'

/** A tenant with one program, and a way to make wallets in it. */
export interface LedgerWorld {
  readonly tenant: TenantId
  readonly program: ProgramId
  /** The key of a new member's wallet; the wallet itself is made by the first touch. */
  aWallet(): Promise<AccountKey>
  aGroupWallet(): Promise<AccountKey>
}

export const PROGRAM = '1016' as ProgramId
let made = 0

export async function aLedgerWorld(
  dataSource: DataSource,
  options: { sandbox?: boolean } = {},
): Promise<LedgerWorld> {
  const [row] = await dataSource.query<{ tenant_id: number }[]>(
    `insert into tenants (key, name, sandbox, time_zone, currency, identity_linking)
     values ($1, 'Ledger test', $2, 'UTC', 'USD', '{}') returning tenant_id`,
    [`ledger-${++made}`, options.sandbox ?? true],
  )
  const tenant = row!.tenant_id as TenantId
  await dataSource.query(
    `insert into programs (tenant_id, program_id, key, title, is_default, points_decimals, rules)
     values ($1, $2, 'main', 'Main', true, 3, '{}')`,
    [tenant, PROGRAM],
  )
  return {
    tenant,
    program: PROGRAM,
    async aWallet() {
      const [member] = await dataSource.query<{ member_id: string }[]>(
        `insert into members (tenant_id, status, joined_at) values ($1, 'ACTIVE', now()) returning member_id`,
        [tenant],
      )
      return walletOf(tenant, member!.member_id)
    },
    async aGroupWallet() {
      const [group] = await dataSource.query<{ group_id: string }[]>(
        `insert into groups (tenant_id, key, name) values ($1, $2, 'Family') returning group_id`,
        [tenant, `group-${++made}`],
      )
      return { ...walletOf(tenant, '1'), holder: { kind: 'GROUP', id: group!.group_id } }
    },
  }
}

export const walletOf = (tenant: TenantId, member: string, currency = 'points'): AccountKey => ({
  tenantId: tenant,
  holder: { kind: 'MEMBER', id: member as MemberId },
  programId: PROGRAM,
  currency,
})

export const at = (text: string): Instant => text as Instant

const FACTS: EntryFacts = {
  actionId: null,
  reason: null,
  actor: 'test',
  requestId: null,
  occurredAt: at('2026-01-01T00:00:00Z'),
}

let sources = 0

type Loose<Command> = Partial<Omit<Command, 'account'>>

/** An award of the points in one line, or of `lines`. */
export function anAward(account: AccountKey, amount: string, over: Loose<AwardCommand> = {}): AwardCommand {
  return {
    account,
    now: null,
    timeZone: 'UTC',
    facts: FACTS,
    idempotency: null,
    source: { type: 'test', ref: `source-${++sources}` },
    purchase: null,
    lines: [{ lineRef: '', points: points(amount), rule: 'test@1' }],
    maturesAt: null,
    expiresAt: null,
    countsForLifetime: true,
    ...over,
  }
}

export const aRedemption = (
  account: AccountKey,
  amount: string,
  over: Loose<RedeemCommand> = {},
): RedeemCommand => ({
  account,
  now: null,
  timeZone: 'UTC',
  facts: FACTS,
  idempotency: null,
  points: points(amount),
  ref: null,
  purchase: null,
  ...over,
})

/** A reversal of an award until `cumulative` points of its only line are taken back, or of `lines`. */
export const aReversal = (
  award: AwardCommand,
  cumulative: string,
  over: Loose<ReverseCommand> = {},
): ReverseCommand => ({
  account: award.account,
  now: award.now,
  timeZone: 'UTC',
  facts: FACTS,
  idempotency: null,
  source: award.source,
  lines: [{ lineRef: '', cumulative: points(cumulative) }],
  purchase: null,
  maxDebt: points('0'),
  ...over,
})

export const aKey = (key: string, request: unknown = key): Idempotency => ({
  scope: 'test',
  key,
  requestHash: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
})

/** Throws when any law of the ledger is broken. */
export async function assertLawful(dataSource: DataSource): Promise<void> {
  const broken = (await verifyLedger(dataSource)).filter(({ violations }) => violations > 0)
  if (broken.length > 0)
    throw new Error(
      `broken: ${broken.map(({ invariant, violations }) => `${invariant} ${violations}x`).join(', ')}`,
    )
}
