import { Decimal } from '../shared/decimal'
import type { Amount } from '../shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import { MemberNotFound } from '../members/errors'
import type { IdentityKey } from '../members/member'
import { earnByLine } from '../points/earning'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import type { PlacedLine } from './place-order'
import { ratioFor } from './place-order'

/** Why a line of a cart would earn nothing. */
export const NO_POINTS_IN_CART = [
  'MEMBER_MAY_NOT_EARN',
  'NO_RULE',
  'ZERO_RATIO',
  'ZERO_AMOUNT',
  'ROUNDED_TO_ZERO',
] as const
export type NoPointsInCart = (typeof NO_POINTS_IN_CART)[number]

export type CartLine = Pick<PlacedLine, 'quantity' | 'unitPrice'>

export interface PotentialPoints {
  /** Aligned with the cart. */
  readonly lines: readonly { readonly points: Points; readonly noPointsReason: NoPointsInCart | null }[]
  readonly total: Points
  /** Points per unit of money that applies, and the rule that says so: `orders.ratio`. */
  readonly ratio: Amount
  readonly rule: string
  /** Whether they would wait before they can be spent. */
  readonly held: boolean
}

/**
 * What a cart would earn a member if it were ordered now, line by line, and why where it is nothing; writes nothing.
 * Without a member: what one without a tier would earn. Throws MemberNotFound and InvalidPoints.
 */
export async function potentialPoints(
  { members }: Pick<Stores, 'members'>,
  tenant: Tenant,
  cart: { readonly member: IdentityKey | null; readonly lines: readonly CartLine[] },
): Promise<PotentialPoints> {
  const program = tenant.setup.defaultProgram
  const found = cart.member && (await members.findInProgram(tenant.id, cart.member, program.id))
  if (cart.member && !found) throw new MemberNotFound(cart.member)
  const tier = program.tiers.find(({ id }) => id === found?.membership.tierId) ?? null
  const { ratio, name } = ratioFor(program.orders, tier)
  const mayEarn = !found || found.member.status === 'ACTIVE'
  const lines = pointsOfCart(program, mayEarn, cart.lines, ratio)
  return {
    lines,
    total: sumPoints(lines.map(({ points }) => points)),
    ratio: ratio.toFixed() as Amount,
    rule: `${name}@${tenant.setup.version}`,
    held: program.orders !== null && program.orders.hold !== 'NONE',
  }
}

/** Pure. Throws InvalidPoints. */
export function pointsOfCart(
  program: Program,
  mayEarn: boolean,
  lines: readonly CartLine[],
  ratio: Decimal,
): PotentialPoints['lines'] {
  const earned = earnByLine(lines, ratio, program.pointsDecimals)
  return lines.map((line, index) => {
    const points = mayEarn ? (earned[index] ?? ZERO_POINTS) : ZERO_POINTS
    return { points, noPointsReason: points > ZERO_POINTS ? null : whyNothing(program, mayEarn, line, ratio) }
  })
}

function whyNothing(program: Program, mayEarn: boolean, line: CartLine, ratio: Decimal): NoPointsInCart {
  if (!mayEarn) return 'MEMBER_MAY_NOT_EARN'
  if (program.orders === null) return 'NO_RULE'
  if (ratio.isZero()) return 'ZERO_RATIO'
  return new Decimal(line.unitPrice).times(line.quantity).isZero() ? 'ZERO_AMOUNT' : 'ROUNDED_TO_ZERO'
}
