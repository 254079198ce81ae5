import { MemberNotFound } from '../members/errors'
import type { IdentityKey } from '../members/member'
import type { MemberInProgram } from '../members/member-store'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { InvalidIdentifier } from '../shared/errors'
import type { JsonObject } from '../shared/json'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'
import type { Tier } from '../tiers/tier'
import type { TierMove } from '../tiers/settle-standing'
import { movable } from './award-points'
import type { AccountKey, EntryFacts, Movement } from './ledger'
import type { BucketReceipt, Claims, PointsReceipt } from './points-request'
import { bucketWalletOf, earnedOf, movedNow, spendableOf, type WalletFigures, walletOf } from './wallet'

/** What every request to move points says. */
export interface PointsAsk {
  readonly program: Program
  readonly member: IdentityKey
  readonly actionId: number | null
  readonly reason: string | null
  /** The client's own reference: good once for the member and the action. */
  readonly customId: string | null
  /** What the client sent that decides nothing; kept with the movement. */
  readonly attributes: JsonObject
  readonly requestId: string
  /** A UUID that nothing else has. */
  readonly ref: string
}

/** Points of a further kind; of kind TIER when they only count for standing. */
export interface BucketAsk {
  readonly bucket: string
  readonly kind: BucketReceipt['kind']
  readonly points: Points
}

export interface PointsBooked {
  readonly receipt: PointsReceipt
  /** True when the receipt is that of an earlier request. */
  readonly repeated: boolean
}

/** The member with the membership. Throws MemberNotFound. */
export async function memberAsked(
  { members }: Stores,
  tenant: Tenant,
  program: Program,
  key: IdentityKey,
): Promise<MemberInProgram> {
  const found = await members.findInProgram(tenant.id, key, program.id)
  if (!found) throw new MemberNotFound(key)
  return found
}

/** What a ledger verb is told of any such request. */
export const callFacts = (
  { tenant, actor }: Caller,
  { actionId, reason, requestId }: Pick<PointsAsk, 'actionId' | 'reason' | 'requestId'>,
): {
  readonly now: ReturnType<typeof movedNow>
  readonly timeZone: string
  readonly facts: EntryFacts
  readonly idempotency: null
} => ({
  now: movedNow(tenant),
  timeZone: tenant.setup.timeZone,
  facts: { actionId, reason, actor, requestId, occurredAt: tenant.time.now },
  // The names that a client gives its requests are claimed for good, not for a while.
  idempotency: null,
})

/** Buckets in an order of their own, so that two requests never wait for each other. Throws InvalidIdentifier, InvalidPoints. Pure. */
export function plannedBuckets(program: Program, asks: readonly BucketAsk[]): readonly BucketAsk[] {
  for (const { bucket, points } of asks) {
    if (!program.buckets.includes(bucket)) throw new InvalidIdentifier('bucket', bucket)
    movable(points, program)
  }
  const key = ({ kind, bucket }: BucketAsk) => `${kind} ${bucket}`
  return [...asks].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** The tier in which a membership stands. */
export const tierOf = (program: Program, { membership }: MemberInProgram): Tier | null =>
  program.tiers.find(({ id }) => id === membership.tierId) ?? null

interface Settled {
  readonly program: Program
  readonly found: MemberInProgram
  readonly tier: TierMove
  readonly asked: Points | null
  readonly moved: Points | null
  readonly paidByGroup?: Points | null
  readonly code?: PointsReceipt['code']
  readonly waiting?: PointsReceipt['waiting']
  readonly buckets?: readonly (BucketAsk & { readonly moved: Points | null })[]
}

/** The receipt, with the member's wallets as they are now: one statement. */
export async function receiptOf(stores: Stores, tenant: Tenant, settled: Settled): Promise<PointsReceipt> {
  const { program, found, tier, asked, moved, buckets = [] } = settled
  const wallets: AccountKey[] = [
    walletOf(tenant, found.member.id, program),
    ...buckets.map((bucket) => bucketWalletOf(tenant, found.member.id, program, bucket)),
  ]
  const [main = null, ...others] = await stores.accounts.statements(
    wallets,
    movedNow(tenant),
    tenant.setup.timeZone,
  )
  return {
    asked,
    moved,
    paidByGroup: settled.paidByGroup ?? null,
    ...figuresOf(main),
    tierBefore: tier.before?.name ?? null,
    tierAfter: tier.after?.name ?? null,
    code: settled.code ?? null,
    waiting: settled.waiting ?? null,
    buckets: buckets.map(({ bucket, kind, points, moved: taken }, index) => ({
      bucket,
      kind,
      asked: points,
      moved: taken,
      ...figuresOf(others[index] ?? null),
    })),
  }
}

/** The receipt of an award to the main wallet, given in full. Pure. */
export const plainReceipt = (
  tier: TierMove,
  points: Points,
  waiting: PointsReceipt['waiting'],
  wallet: WalletFigures,
): PointsReceipt => ({
  asked: points,
  moved: points,
  paidByGroup: null,
  ...figuresOf(wallet),
  tierBefore: tier.before?.name ?? null,
  tierAfter: tier.after?.name ?? null,
  code: null,
  waiting,
  buckets: [],
})

const figuresOf = (statement: WalletFigures | null) => ({
  spendable: spendableOf(statement),
  earned: earnedOf(statement),
})

/** Keeps what the client said with the first of the request's movements, and its names, which are used up now. */
export async function remember(
  { pointsRequests }: Stores,
  tenant: Tenant,
  ask: PointsAsk,
  {
    found,
    claims,
    receipt,
    movement,
  }: {
    readonly found: MemberInProgram
    readonly claims: Claims
    readonly receipt: PointsReceipt
    readonly movement: Movement | undefined
  },
): Promise<void> {
  const said = claims.order !== null || claims.custom !== null || Object.keys(ask.attributes).length > 0
  if (!said || !movement?.seq) return
  const { accountId, seq } = movement
  const { attributes } = ask
  await pointsRequests.add(tenant.id, {
    accountId,
    seq,
    memberId: found.member.id,
    claims,
    receipt,
    attributes,
  })
}
