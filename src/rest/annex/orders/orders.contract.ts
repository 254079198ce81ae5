import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator'
import type { IdLike, NumberLike } from '../values'
import { IsAmount, IsId, IsInstant, IsPresent, IsText, IsTextOrTexts, IsWord } from '../rules'

/** As many lines as a bulk call may have entries (contract, section 5). */
export const MOST_LINES = 1_000

/** One product of an order. */
export class OrderLineBody {
  @IsPresent() @IsId() id!: IdLike
  @IsPresent() @IsAmount({ above: 0 }) quantity!: NumberLike
  @IsPresent() @IsAmount({ from: 0 }) unitPrice!: NumberLike
  @IsOptional() @IsId() secondarykey?: IdLike
  @IsOptional() @IsAmount({}) netPrice?: NumberLike
  @IsOptional() @IsText() estimatedShipDate?: IdLike
  @IsOptional() @IsText() categoryId?: IdLike
  @IsOptional() @IsText() categoryName?: IdLike
  @IsOptional() @IsText() url?: IdLike
  @IsOptional() @IsText() imageUrl?: IdLike
  @IsOptional() @IsText() description?: IdLike
  @IsOptional() @IsTextOrTexts() coupon?: IdLike | readonly string[]
  @IsOptional() @IsText() autoDelivery?: IdLike
}

/** Body of `POST /orders`. */
export class OrderBody {
  @IsPresent() @IsId() id!: IdLike
  @IsPresent() @IsId() userId!: IdLike
  @IsPresent()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true, context: { contract: OrderLineBody } })
  orderDetail!: OrderLineBody[]
  @IsOptional() @IsInstant() orderDate?: string
  @IsOptional() @IsText() email?: IdLike
  @IsOptional() @IsText() firstName?: IdLike
  @IsOptional() @IsText() lastName?: IdLike
  @IsOptional() @IsAmount({ from: 0 }) orderTotal?: NumberLike
  /** One client sends it negative. */
  @IsOptional() @IsAmount({}) discountAmount?: NumberLike
  @IsOptional() @IsTextOrTexts() coupon?: IdLike | readonly string[]
  @IsOptional() @IsText() storeId?: IdLike
  @IsOptional() @IsText() source?: IdLike
  @IsOptional() @IsText() eventId?: IdLike
  @IsOptional() @IsWord(['SHIP', 'HOLD']) status?: string
  @IsOptional() @IsWord(['YES', 'NO']) disregardHoldPeriod?: string
  @IsOptional() @IsText() orderShipDate?: IdLike
}
