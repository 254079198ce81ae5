import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator'
import { previewOrder, type OrderPreview } from '../../../domain/orders/preview-order'
import type { Stores } from '../../../domain/stores'
import type { Program } from '../../../domain/programs/program'
import { Decimal } from '../../../domain/shared/decimal'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import {
  isJsonArray,
  isJsonMap,
  JsonNumber,
  type JsonMap,
  type JsonValue,
  type Writable,
} from '../../shared/json'
import type { SignedIn } from '../auth'
import { memberKey } from '../members'
import { earnedOf, spendableOf } from '../points/points.mapping'
import { IsAmount, IsId, IsPresent } from '../rules'
import type { AnnexSettings } from '../settings'
import { assertValid, filled, isAbsent, listOf } from '../validation'
import { amountFrom, type IdLike, type NumberLike, textFrom, toNumber, toPointsNumber } from '../values'
import { MOST_LINES } from './orders.contract'
import { firstOf, noLine, validAmount } from './orders.mapping'
import type { Answer } from '../../shared/openapi'
import type { CART_RESULT } from './orders.answers'

export class CartLineBody {
  @IsPresent() @IsId() id!: IdLike
  @IsPresent() @IsAmount({ above: 0 }) quantity!: NumberLike
  @IsPresent() @IsAmount({ from: 0 }) unitPrice!: NumberLike
  /** Taken, for clients send back what they were answered; what it says is worked out anew. */
  @IsOptional() @IsAmount({}) points?: NumberLike
}

/** Body of `POST /cart`. */
export class CartBody {
  @IsPresent() @IsId() userId!: IdLike
  @IsOptional() @IsAmount({ from: 0 }) appliedPoints?: NumberLike
  @IsPresent()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true, context: { contract: CartLineBody } })
  productDetail!: CartLineBody[]
}

/** What a cart would earn; stores nothing. Throws what the door refuses itself, MemberNotFound, ActionNotFound. */
export async function previewCart(stores: Stores, caller: SignedIn, sent: JsonMap): Promise<Writable> {
  const body = toCartBody(sent)
  assertValid(body)
  const preview = await previewOrder(stores, caller.tenant, {
    program: caller.program,
    member: memberKey(textFrom(body.userId)),
    lines: body.productDetail.map(({ quantity, unitPrice }) => ({
      quantity: validAmount(quantity),
      unitPrice: validAmount(unitPrice),
    })),
  })
  return toCartResult(body, preview, caller)
}

function toCartBody(sent: JsonMap): CartBody {
  const lines = listOf(firstOf(sent, ['productDetail', 'productDetails']))
  const toLine = (line: JsonValue | undefined) =>
    isJsonMap(line) ? filled(CartLineBody, line) : noLine(line)
  return Object.assign(
    filled(CartBody, sent),
    isAbsent(lines) ? {} : { productDetail: isJsonArray(lines) ? lines.map(toLine) : lines },
  )
}

function toCartResult(
  body: CartBody,
  { points, total, held, statement }: OrderPreview,
  caller: SignedIn,
): Answer<typeof CART_RESULT> {
  const available = spendableOf(statement)
  const applied = new Decimal(body.appliedPoints === undefined ? 0 : validAmount(body.appliedPoints))
  const waiting = sum(statement?.pending, statement?.held)
  const after = new Decimal(formatPoints(held ? available : sum(available, total))).minus(applied)
  const { program, settings } = caller
  return {
    userId: textFrom(body.userId),
    lifetimePoints: toPointsNumber(earnedOf(statement)),
    usedPoints: toPointsNumber(sum(statement?.redeemed, statement?.reversed)),
    availablePoints: toPointsNumber(available),
    holdPoints: toPointsNumber(waiting),
    appliedPoints: new JsonNumber(applied.toFixed()),
    cartPoints: toPointsNumber(total),
    availablePointsAfterOrder: new JsonNumber(after.toFixed()),
    holdPointsAfterOrder: toPointsNumber(held ? sum(waiting, total) : waiting),
    creditsToCurrencyRatio: new JsonNumber((program.pointsToCurrency ?? new Decimal(0)).toFixed()),
    creditsToCurrencyValue: worthOf(new Decimal(formatPoints(available)), program, settings),
    creditsToCurrencyValueAfterOrder: worthOf(after, program, settings),
    creditsToCurrencyValueCartPoints: worthOf(new Decimal(formatPoints(total)), program, settings),
    productDetail: body.productDetail.map((line, index) => ({
      id: textFrom(line.id),
      quantity: toNumber(validAmount(line.quantity)),
      unitPrice: toNumber(amountFrom(line.unitPrice) ?? validAmount(line.unitPrice)),
      points: toPointsNumber(points[index] ?? ZERO_POINTS),
    })),
    multiBucketsData: {},
  }
}

const sum = (a: Points = ZERO_POINTS, b: Points = ZERO_POINTS): Points => (a + b) as Points

/** A number by default; text with two decimals once the site fixes two (seed 002, creditsToCurrencyValue). */
function worthOf(points: Decimal, { pointsToCurrency }: Program, settings: AnnexSettings): Writable {
  const value = points.times(pointsToCurrency ?? 0)
  return settings.creditsToCurrencyDecimals === 2
    ? value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2)
    : new JsonNumber(value.toFixed())
}
