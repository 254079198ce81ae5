import { Decimal } from '../shared/decimal'
import { type Instant, endOfMonth, plus } from '../shared/instant'
import { type Amount, toMillionths } from '../shared/money'
import { type Exact, type Points, roundExact, roundPoints, sumPoints, ZERO_POINTS } from '../shared/points'
import type { ExpiryRule, TransactionRule } from '../programs/program'

/** Points of order lines: unit price x ratio x quantity, each line rounded half up to the program's decimals. Pure. */
export const earnByLine = (
  lines: readonly { readonly unitPrice: Amount; readonly quantity: Amount }[],
  ratio: Decimal,
  pointsDecimals: number,
): readonly Points[] =>
  lines.map(({ unitPrice, quantity }) =>
    roundPoints(new Decimal(unitPrice).times(quantity).times(ratio), pointsDecimals, 'half-up'),
  )

/** What a bill earns: `raw` before the program's rounding (three decimals), `awarded` after, and each line's share. */
export interface BillEarning {
  readonly raw: Points
  readonly awarded: Points
  /** Aligned with the lines; sums to `awarded`. Empty when the bill as a whole earned. */
  readonly lines: readonly Points[]
}

/**
 * Points of a bill at a rate on net amounts. The sum is cut to the program's decimals, as the vendor's published
 * cases show (480.8 earns 480), and shared over the lines so that the shares add up exactly: a line gets what the
 * running sum up to it was cut to, less what went before. Pure.
 */
export function earnByBill(
  rule: TransactionRule,
  billAmount: Amount,
  lineAmounts: readonly Amount[],
  pointsDecimals: number,
): BillEarning {
  const byLine = rule.basis === 'line-net' && lineAmounts.length > 0
  const bases = byLine ? lineAmounts : [billAmount]
  const running = runningSums(bases, rule.pointsPerCurrencyUnit)
  const cut = running.map((sum) => roundExact(sum, pointsDecimals, 'cut'))
  const shares = cut.map((sum, index) => (sum - (cut[index - 1] ?? 0n)) as Points)
  return {
    raw: roundExact(running.at(-1) ?? NOTHING, 3, 'half-up'),
    awarded: sumPoints(shares),
    lines: byLine ? shares : [],
  }
}

const NOTHING: Exact = { units: 0n, scale: 3 }

/** Of amounts at a rate, in whole numbers: each line of each sale comes by here. */
function runningSums(amounts: readonly Amount[], rate: Decimal): readonly Exact[] {
  const places = rate.decimalPlaces()
  const perMillionth = BigInt(rate.times(Decimal.pow(10, places)).toFixed(0))
  let units = 0n
  return amounts.map((amount) => {
    units += toMillionths(amount) * perMillionth
    return { units, scale: 6 + places }
  })
}

/** When points awarded at `from` lapse; null is never. A day and a month are the tenant's zone's. Pure. */
export function expiryOf(rule: ExpiryRule, from: Instant, zone: string): Instant | null {
  if (rule === null) return null
  if ('days' in rule) return plus(from, { days: rule.days }, zone)
  const then = plus(from, { months: rule.months }, zone)
  return rule.endOfMonth ? endOfMonth(then, zone) : then
}

/** Only what is more than zero can be awarded. */
export const earnsAnything = (points: Points): boolean => points > ZERO_POINTS
