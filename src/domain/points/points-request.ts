import { createHash } from 'node:crypto'
import { LoyaltyError } from '../shared/errors'
import type { AccountId, MemberId, TenantId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'

/** What a movement of points did, as it is told to whoever asked for it, then and at every repetition. */
export interface PointsReceipt {
  /** Of the main currency; null when only buckets were meant. */
  readonly asked: Points | null
  /** Null: nothing moved, because it was not covered, or because only buckets were meant. */
  readonly moved: Points | null
  /** The part that the group paid; null when no group was asked. */
  readonly paidByGroup: Points | null
  /** The member's main wallet afterwards. */
  readonly spendable: Points
  readonly earned: Points
  readonly tierBefore: string | null
  readonly tierAfter: string | null
  readonly code: IssuedCode | null
  /** What of `moved` cannot be spent yet, and when it can be; null: nothing waits. */
  readonly waiting: WaitingPoints | null
  readonly buckets: readonly BucketReceipt[]
}

export interface WaitingPoints {
  readonly points: Points
  readonly until: Instant
}

export interface IssuedCode {
  readonly code: string
  readonly expiresAt: Instant | null
}

export interface BucketReceipt {
  readonly bucket: string
  readonly kind: 'SPENDABLE' | 'TIER'
  readonly asked: Points
  readonly moved: Points | null
  readonly spendable: Points
  readonly earned: Points
}

/** Names that a client gave its request, each good for one movement of a member. */
export interface Claims {
  /** An order, and what was taken for it. */
  readonly order: string | null
  /** The client's own reference, and the action. */
  readonly custom: string | null
}

export interface NewPointsRequest {
  readonly accountId: AccountId
  readonly seq: string
  readonly memberId: MemberId
  readonly claims: Claims
  readonly receipt: PointsReceipt
  /** What the client sent that decides nothing. */
  readonly attributes: JsonObject
}

export interface PointsRequestStore {
  /** Locks the names until commit and answers what they were used for. Taken before anything else is locked. */
  claim(
    tenant: TenantId,
    member: MemberId,
    claims: Claims,
  ): Promise<{ readonly byOrder: PointsReceipt | null; readonly byCustom: boolean }>
  add(tenant: TenantId, request: NewPointsRequest): Promise<void>
  /** What clients said with movements and the code each was given, by the movement's key, in no particular order. */
  attributesOf(
    tenant: TenantId,
    keys: readonly { readonly accountId: AccountId; readonly seq: string }[],
  ): Promise<
    readonly {
      readonly accountId: AccountId
      readonly seq: string
      readonly attributes: JsonObject
      readonly code: string | null
    }[]
  >
}

/** The order was charged with this before, and the request does not say that it is a repetition. */
export class OrderChargedBefore extends LoyaltyError {
  readonly code = 'DUPLICATE_ORDER'
  override readonly field = 'orderId'
  constructor(readonly orderId: string) {
    super('this was taken for the order before')
  }
}

/** The client's reference was used for this member and action. */
export class ReferenceUsed extends LoyaltyError {
  readonly code = 'REFERENCE_USED'
  override readonly field = 'customId'
  constructor() {
    super('the reference was used before')
  }
}

/** The name of an order together with what is taken for it. */
export const orderClaim = (orderId: string | null, what: readonly string[]): string | null =>
  orderId === null ? null : nameOf([orderId, ...what])

/** The client's reference, good once for each action of a member. */
export const customClaim = (customId: string | null, actionId: number | null): string | null =>
  customId === null ? null : nameOf([String(actionId), customId])

/** Of one length, however long what the client sent is: names are unique by an index. */
const nameOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * Claims the names of a request. Answers the first receipt when the order was charged before and this is a
 * repetition; null when the request is new. Throws OrderChargedBefore, ReferenceUsed, in this order.
 */
export async function claimNames(
  { pointsRequests }: Pick<Stores, 'pointsRequests'>,
  tenant: TenantId,
  member: MemberId,
  claims: Claims,
  repetition: { readonly orderId: string | null; readonly retry: boolean },
): Promise<PointsReceipt | null> {
  if (claims.order === null && claims.custom === null) return null
  const { byOrder, byCustom } = await pointsRequests.claim(tenant, member, claims)
  if (byOrder && repetition.retry) return byOrder
  if (byOrder) throw new OrderChargedBefore(repetition.orderId ?? '')
  if (byCustom) throw new ReferenceUsed()
  return null
}
