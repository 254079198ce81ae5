import { Decimal, parseDecimal } from './decimal'
import { InvalidPoints } from './errors'

/** Points, in whole thousandths. One vendor documents three decimals; a program may use fewer. */
export type Points = bigint & { readonly brand: 'Points' }

export const ZERO_POINTS = 0n as Points
const SCALE = 1000n
/** What one movement may be at most: 2^53 - 1 thousandths, so that every reader can hold it. */
const MAX_POINTS = BigInt(Number.MAX_SAFE_INTEGER)

/** Points from decimal text with at most three decimals, such as `12.5`. Throws InvalidPoints. */
export function points(text: string): Points {
  const value = parseDecimal(text)
  if (!value || value.decimalPlaces() > 3) throw new InvalidPoints(text)
  return checked(BigInt(value.times(1000).toFixed(0)), text)
}

function checked(thousandths: bigint, text: string): Points {
  if (thousandths > MAX_POINTS || thousandths < -MAX_POINTS) throw new InvalidPoints(text)
  return thousandths as Points
}

/** Decimal text without trailing zeros: `12.5`, `-3`, `0`. */
export function formatPoints(value: Points): string {
  // What has no fraction needs no digits put together, and nearly nothing has one.
  if (value % SCALE === 0n) return (value / SCALE).toString()
  const negative = value < 0n
  const thousandths = negative ? -BigInt(value) : value
  const fraction = (thousandths % SCALE).toString().padStart(3, '0').replace(/0+$/, '')
  return `${negative ? '-' : ''}${thousandths / SCALE}${fraction ? `.${fraction}` : ''}`
}

/** For doors that answer JSON numbers; exact below 2^53 thousandths. */
export const pointsToNumber = (value: Points): number => Number(formatPoints(value))

export const sumPoints = (values: readonly Points[]): Points =>
  values.reduce<bigint>((sum, value) => sum + value, 0n) as Points

export type Rounding = 'half-up' | 'cut'

/** Rounds an exact figure to a program's decimals (0 to 3). Throws InvalidPoints beyond 2^53 thousandths. */
export function roundPoints(exact: Decimal, decimals: number, rounding: Rounding): Points {
  const mode = rounding === 'half-up' ? Decimal.ROUND_HALF_UP : Decimal.ROUND_DOWN
  const rounded = exact.toDecimalPlaces(decimals, mode)
  return checked(BigInt(rounded.times(1000).toFixed(0)), exact.toFixed())
}

/** An exact figure: `units` of ten to the power of minus `scale`, which is at least 3. */
export interface Exact {
  readonly units: bigint
  readonly scale: number
}

/** As `roundPoints`, of what was reckoned in whole numbers. Throws InvalidPoints beyond 2^53 thousandths. */
export function roundExact({ units, scale }: Exact, decimals: number, rounding: Rounding): Points {
  const step = 10n ** BigInt(scale - decimals)
  const half = rounding === 'cut' ? 0n : units < 0n ? -step / 2n : step / 2n
  const thousandths = ((units + half) / step) * 10n ** BigInt(3 - decimals)
  if (thousandths <= MAX_POINTS && thousandths >= -MAX_POINTS) return thousandths as Points
  throw new InvalidPoints(new Decimal(units.toString()).div(Decimal.pow(10, scale)).toFixed())
}

/** True when the points fit a program of so many decimals. */
export const fitsDecimals = (value: Points, decimals: number): boolean =>
  value % BigInt(10 ** (3 - decimals)) === 0n
