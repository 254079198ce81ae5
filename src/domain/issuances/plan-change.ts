import { ChangeNotAllowed } from '../purchases/errors'
import { Decimal } from '../shared/decimal'
import { type Amount, toAmount, ZERO_AMOUNT } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Grant, Issuance, Part } from './issuance'

/** What may happen to an issuance, or to the part that is given. */
export type IssuanceMove = 'SHIP' | 'RETURN' | 'CANCEL'

export const NO_PART: Part = { points: ZERO_POINTS, spend: ZERO_AMOUNT }

/**
 * An issuance after a move: of the part given, or of everything the move can be about when it is null. What has shipped
 * may come back and not be canceled; a return takes what has shipped before what has not; what left moves no more.
 * Throws ChangeNotAllowed when the part is more than can move, or nothing. Pure.
 */
export function planIssuanceMove(issuance: Issuance, move: IssuanceMove, part: Part | null): Issuance {
  const { waiting, removed, state } = issuance
  if (state === 'RETURNED' || state === 'CANCELED') throw new ChangeNotAllowed('status')
  const granted = left(issuance)
  const shipped = minus(granted, waiting)
  const whole = move === 'RETURN' ? granted : waiting
  if (
    part === null &&
    move !== 'RETURN' &&
    (state !== 'PLACED' || (move === 'CANCEL' && !isNothing(shipped)))
  )
    throw new ChangeNotAllowed('status')
  const moved = part ?? whole
  if (part !== null && (isNothing(part) || exceeds(part, whole))) throw new ChangeNotAllowed('part')
  if (move === 'SHIP')
    return settled({ ...issuance, waiting: minus(waiting, moved) }, 'SHIPPED', part === null)
  const fromWaiting = move === 'CANCEL' ? moved : beyond(moved, shipped)
  const after = { ...issuance, waiting: minus(waiting, fromWaiting), removed: plus(removed, moved) }
  return settled(after, move === 'CANCEL' ? 'CANCELED' : 'RETURNED', part === null)
}

/** What is still granted, shipped or not. Pure. */
export const left = ({ points, total, removed }: Pick<Issuance, 'points' | 'total' | 'removed'>): Part =>
  minus({ points, spend: total }, removed)

/** Its state after a move: the end of the move once nothing is left for another. */
function settled(issuance: Issuance, end: Issuance['state'], whole: boolean): Issuance {
  const isGone = whole || isNothing(left(issuance))
  if (end !== 'SHIPPED' && isGone) return { ...issuance, state: end }
  const state = whole || isNothing(issuance.waiting) ? 'SHIPPED' : 'PLACED'
  return { ...issuance, state }
}

/** The grants with points taken from them, youngest first. Pure. */
export function takenFrom(grants: readonly Grant[], points: Points): readonly Grant[] {
  let need: bigint = points
  return grants.reduceRight<readonly Grant[]>((rest, grant) => {
    const there = grant.points - grant.removed
    const taken = need < there ? need : there
    need -= taken
    return [taken === 0n ? grant : { ...grant, removed: (grant.removed + taken) as Points }, ...rest]
  }, [])
}

const isNothing = ({ points, spend }: Part): boolean => points === 0n && new Decimal(spend).isZero()
const exceeds = (part: Part, whole: Part): boolean =>
  part.points > whole.points || new Decimal(part.spend).gt(whole.spend)

const plus = (a: Part, b: Part): Part => ({
  points: (a.points + b.points) as Points,
  spend: toAmount(new Decimal(a.spend).plus(b.spend)),
})
const minus = (a: Part, b: Part): Part => ({
  points: (a.points - b.points) as Points,
  spend: lessThan(a.spend, b.spend),
})
const lessThan = (a: Amount, b: Amount): Amount => toAmount(new Decimal(a).minus(b))

/** What of a part is more than another can give. */
const beyond = (part: Part, other: Part): Part => ({
  points: (part.points > other.points ? part.points - other.points : 0n) as Points,
  spend: toAmount(Decimal.max(0, new Decimal(part.spend).minus(other.spend))),
})
