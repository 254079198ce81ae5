import { type Points, sumPoints } from '../shared/points'
import { MemberNotFound } from '../members/errors'
import type { IdentityKey } from '../members/member'
import { earnByLine } from '../points/earning'
import { ActionNotFound } from '../points/errors'
import type { AccountStatement } from '../points/ledger'
import { statementOf, walletOf } from '../points/wallet'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import type { PlacedLine } from './place-order'
import { ratioFor } from './place-order'

export interface PreviewOrder {
  readonly program: Program
  readonly member: IdentityKey
  readonly lines: readonly Pick<PlacedLine, 'quantity' | 'unitPrice'>[]
}

/** What an order would earn if it were placed now. */
export interface OrderPreview {
  /** Of each line. */
  readonly points: readonly Points[]
  readonly total: Points
  /** Whether they would wait. */
  readonly held: boolean
  /** The wallet as it is; null when the member never had a point. */
  readonly statement: AccountStatement | null
}

/**
 * What an order would earn; writes nothing. Throws ActionNotFound when the program has no rule for orders,
 * MemberNotFound and InvalidPoints.
 */
export async function previewOrder(
  { members, accounts }: Pick<Stores, 'members' | 'accounts'>,
  tenant: Tenant,
  { program, member, lines }: PreviewOrder,
): Promise<OrderPreview> {
  const found = await members.findInProgram(tenant.id, member, program.id)
  if (!found) throw new MemberNotFound(member)
  if (!program.orders) throw new ActionNotFound(0)
  const tier = program.tiers.find(({ id }) => id === found.membership.tierId) ?? null
  const points = earnByLine(lines, ratioFor(program.orders, tier).ratio, program.pointsDecimals)
  return {
    points,
    total: sumPoints(points),
    held: program.orders.hold !== 'NONE',
    statement: await statementOf(accounts, tenant, walletOf(tenant, found.member.id, program)),
  }
}
