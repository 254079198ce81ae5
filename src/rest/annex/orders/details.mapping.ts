import { IsOptional } from 'class-validator'
import { MemberNotFound } from '../../../domain/members/errors'
import { OrderNotFound } from '../../../domain/orders/errors'
import type { Order, OrderFilter, OrderLine } from '../../../domain/orders/order'
import type { MemberId } from '../../../domain/shared/ids'
import type { Identity, Member } from '../../../domain/members/member'
import type { Stores } from '../../../domain/stores'
import type { Tenant } from '../../../domain/programs/tenant'
import type { JsonMap, Writable } from '../../shared/json'
import type { SignedIn } from '../auth'
import { missing } from '../errors'
import { memberKey } from '../members'
import { IsAmount, IsId } from '../rules'
import { ANNEX } from '../settings'
import { assertValid, filled } from '../validation'
import {
  amountFrom,
  type IdLike,
  type NumberLike,
  textFrom,
  toNumber,
  toPointsNumber,
  toTimestamp,
} from '../values'
import { productsOf, stateWordOf, toLinesWithState } from './order-words'
import type { Answer } from '../../shared/openapi'
import type { ORDER_RECORD } from './orders.answers'

/** Body of `POST /orderdetails`: at least one of member and order. */
export class OrderDetailsBody {
  @IsOptional() @IsId() userId?: IdLike
  @IsOptional() @IsId() orderId?: IdLike
  @IsOptional() @IsAmount({ from: 1 }) page?: NumberLike
}

export const PAGE_SIZE = 20

/** The orders that a body asks for. Throws MemberNotFound, OrderNotFound, and what the door refuses itself. */
export async function readOrderDetails(stores: Stores, caller: SignedIn, sent: JsonMap): Promise<Writable> {
  const body = filled(OrderDetailsBody, sent)
  assertValid(body)
  if (body.userId === undefined && body.orderId === undefined) throw missing(['userId', 'orderId'])
  const member =
    body.userId === undefined ? null : await memberNamed(stores, caller.tenant, textFrom(body.userId))
  const orderKey = body.orderId === undefined ? null : textFrom(body.orderId)
  const filter = {
    memberId: member && member.id,
    ofSecondaries: false,
    orderKey,
    page: pageOf(body.page),
    size: PAGE_SIZE,
  }
  return toOrderDetails(stores, caller, filter)
}

/** Query of `GET /secondaryuserorders`; the name of the member's filter is not public (contract, section 11, 2). */
const MEMBER_FILTERS = ['userId', 'id', 'memberId']

/** Orders of members who share a group that another owns: of all, or of the one named. Throws what the door refuses itself, MemberNotFound, OrderNotFound. */
export async function readSecondaryOrders(
  stores: Stores,
  caller: SignedIn,
  query: URLSearchParams,
): Promise<Writable> {
  const asked = (names: readonly string[]) => names.map((name) => query.get(name)?.trim()).find(Boolean)
  const body = filled(OrderDetailsBody, {
    userId: asked(MEMBER_FILTERS),
    orderId: asked(['orderId']),
    page: asked(['page']),
  })
  assertValid(body)
  const member =
    body.userId === undefined ? null : await memberNamed(stores, caller.tenant, textFrom(body.userId))
  return toOrderDetails(stores, caller, {
    memberId: member && member.id,
    ofSecondaries: true,
    orderKey: body.orderId === undefined ? null : textFrom(body.orderId),
    page: pageOf(body.page),
    size: PAGE_SIZE,
  })
}

/** A page number; a fraction or a figure no page can have is the page past every end. */
export function pageOf(page: NumberLike | undefined): number {
  const asked = Number(page === undefined ? 1 : amountFrom(page))
  return Number.isInteger(asked) && asked < MOST_PAGES ? asked : MOST_PAGES
}

const MOST_PAGES = 100_000_000

async function memberNamed({ members }: Stores, { id }: Tenant, userId: string): Promise<Member> {
  const key = memberKey(userId)
  const [member] = await members.findByIdentities(id, [key])
  if (!member) throw new MemberNotFound(key)
  return member
}

/** The bare record of a single order, a list of several; the order asked for must be there (contract, section 8). */
export async function toOrderDetails(
  stores: Stores,
  caller: SignedIn,
  filter: OrderFilter,
): Promise<Writable> {
  const { orders, count } = await stores.orders.list(caller.tenant.id, filter)
  if (count === 0 && filter.orderKey !== null) throw new OrderNotFound(filter.orderKey)
  const records = await toOrderRecords(stores, caller, orders)
  if (count === 1 && filter.page === 1) return records[0]
  return {
    siteId: caller.siteId,
    orders: records,
    pages: Math.ceil(count / filter.size),
    currentPage: filter.page,
  }
}

async function toOrderRecords(
  stores: Stores,
  { tenant, siteId }: SignedIn,
  orders: readonly Order[],
): Promise<readonly Writable[]> {
  const memberIds = [...new Set(orders.map(({ memberId }) => memberId))]
  const members = await stores.members.findByIds(tenant.id, memberIds)
  const identities = await stores.members.identitiesOf(tenant.id, memberIds)
  const lines = await stores.orders.linesOf(
    tenant.id,
    orders.map(({ id }) => id),
  )
  return orders.map((order) =>
    toOrderRecord(siteId, order, {
      userId: userIdOf(identities, order.memberId),
      member: members.find(({ id }) => id === order.memberId),
      lines: lines.filter(({ orderId }) => orderId === order.id),
    }),
  )
}

const userIdOf = (identities: readonly Identity[], memberId: MemberId): string | undefined =>
  identities.find((each) => each.memberId === memberId && each.door === ANNEX && each.type === 'id')?.value

interface About {
  readonly userId: string | undefined
  readonly member: Member | undefined
  readonly lines: readonly OrderLine[]
}

/** The documented record: the discount in the plural, and once more as text (seed 001, contract section 8). */
function toOrderRecord(
  siteId: string,
  order: Order,
  { userId, member, lines }: About,
): Partial<Answer<typeof ORDER_RECORD>> {
  const { orderDate: _sent, ...attributes } = order.attributes
  return {
    siteId,
    id: order.orderKey,
    userId,
    ...(member?.email ? { email: member.email } : {}),
    ...(member?.firstName ? { firstName: member.firstName } : {}),
    ...(member?.lastName ? { lastName: member.lastName } : {}),
    ...attributes,
    orderDate: toTimestamp(order.placedAt),
    orderTotal: toNumber(order.total),
    storeId: order.storeCode ?? undefined,
    source: order.source ?? undefined,
    discountAmounts: order.discount === null ? undefined : toNumber(order.discount),
    discountRefundData: order.discount === null ? undefined : order.discount.replace('-', ''),
    // Points of a purchase always can be spent and count for tiers.
    purchasePointType: 'Both',
    pointsAwarded: toPointsNumber(order.points),
    orderStatus: stateWordOf(productsOf(lines)),
    orderDetail: toLinesWithState(lines),
  }
}
