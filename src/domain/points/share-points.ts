import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct } from '../members/errors'
import { type Group, GroupNotFound } from '../members/group'
import type { IdentityKey } from '../members/member'
import type { MemberInProgram } from '../members/member-store'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'
import { movable } from './award-points'
import { payingGroup } from './debit-points'
import { InsufficientPoints } from './errors'
import type { AccountKey } from './ledger'
import {
  callFacts,
  memberAsked,
  type PointsAsk,
  type PointsBooked,
  receiptOf,
  remember,
  tierOf,
} from './points-ask'
import { claimNames, customClaim } from './points-request'
import { groupWalletOf, walletOf } from './wallet'

/** Whose points go to whom. The member of the ask always is in the group. */
export type ShareRoute =
  | { readonly kind: 'group to member'; readonly group: string; readonly receiver: IdentityKey }
  | { readonly kind: 'member to group'; readonly group: string }
  | {
      readonly kind: 'member to member'
      readonly receiver: IdentityKey
      /** The member's own group pays, if there is one. */
      readonly payer: 'member' | 'own group'
    }

export interface SharePoints extends PointsAsk {
  readonly route: ShareRoute
  readonly points: Points
}

/**
 * Moves points between a member and a group, or between two members; their expiry dates travel with them, and they
 * count as earned for nobody. The receipt is the asking member's. What is not covered is not moved, and the receipt
 * says so.
 *
 * Throws InvalidPoints, MemberNotFound, GroupNotFound, MemberMayNotAct, ReferenceUsed, InvalidIdentifier (to oneself),
 * in this order. Source: contract of the points door, section 7.
 */
export async function sharePoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: SharePoints,
): Promise<PointsBooked> {
  movable(command.points, command.program)
  try {
    return await deps.unitOfWork.run((stores) => shareIn(stores, caller, command))
  } catch (error) {
    if (!(error instanceof InsufficientPoints)) throw error
    return deps.unitOfWork.run((stores) => nothingMoved(stores, caller.tenant, command))
  }
}

async function shareIn(stores: Stores, caller: Caller, command: SharePoints): Promise<PointsBooked> {
  const { tenant } = caller
  const { program } = command
  const found = await memberAsked(stores, tenant, program, command.member)
  const parties = await partiesOf(stores, tenant, command, found)
  assertMayAct(found.member)
  if (parties.receiver) assertMayAct(parties.receiver.member)
  const claims = { order: null, custom: customClaim(command.customId, command.actionId) }
  await claimNames(stores, tenant.id, found.member.id, claims, { orderId: null, retry: false })
  const movement = await stores.ledger.transfer({
    account: parties.from,
    ...callFacts(caller, command),
    to: parties.to.holder,
    points: command.points,
    transferId: command.ref,
  })
  const tier = tierOf(program, found)
  const receipt = await receiptOf(stores, tenant, {
    program,
    found,
    tier: { before: tier, after: tier },
    asked: command.points,
    moved: movement.moved,
    paidByGroup: parties.from.holder.kind === 'GROUP' ? movement.moved : null,
  })
  await remember(stores, tenant, command, { found, claims, receipt, movement })
  return { receipt, repeated: false }
}

async function nothingMoved(stores: Stores, tenant: Tenant, command: SharePoints): Promise<PointsBooked> {
  const { program, points } = command
  const found = await memberAsked(stores, tenant, program, command.member)
  const tier = tierOf(program, found)
  const receipt = await receiptOf(stores, tenant, {
    program,
    found,
    tier: { before: tier, after: tier },
    asked: points,
    moved: null,
  })
  return { receipt, repeated: false }
}

interface Parties {
  readonly from: AccountKey
  readonly to: AccountKey
  /** Null: a group receives. */
  readonly receiver: MemberInProgram | null
}

/** Throws MemberNotFound, GroupNotFound. */
async function partiesOf(
  stores: Stores,
  tenant: Tenant,
  { route, program }: SharePoints,
  found: MemberInProgram,
): Promise<Parties> {
  const wallet = ({ member }: MemberInProgram) => walletOf(tenant, member.id, program)
  const purse = (group: Group) => groupWalletOf(tenant, group, program)
  const own = wallet(found)
  if (route.kind === 'member to group') {
    const group = await payingGroup(stores, tenant, found.member.id, route)
    return { from: own, to: group ? purse(group) : own, receiver: null }
  }
  const receiver = await memberAsked(stores, tenant, program, route.receiver)
  if (route.kind === 'member to member') {
    const group = await payingGroup(stores, tenant, found.member.id, route.payer)
    return { from: group ? purse(group) : own, to: wallet(receiver), receiver }
  }
  const members = await stores.groups.groupsOf(tenant.id, [found.member.id, receiver.member.id])
  const group = members.find(({ memberId }) => memberId === found.member.id)?.group
  const inGroup = members.filter((member) => member.group.key === route.group)
  const everybody = new Set([found.member.id, receiver.member.id]).size
  if (!group || inGroup.length < everybody) throw new GroupNotFound(route.group)
  return { from: purse(group), to: wallet(receiver), receiver }
}
