import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator'
import { IsAmount, IsDateText, IsId, IsMap, IsPresent, IsText, IsWord } from '../rules'
import type { JsonMap } from '../../shared/json'
import type { IdLike, NumberLike } from '../values'

/** As many lines as a bulk call may have entries (contract, section 5). */
const MOST_LINES = 1_000

/** One product; everything besides is free and kept. */
export class IssuanceProductBody {
  @IsOptional() @IsId() productId?: IdLike
  @IsOptional() @IsText() productName?: IdLike
  @IsOptional() @IsAmount({ from: 0 }) productQuantity?: NumberLike
  @IsOptional() @IsAmount({ from: 0 }) productUnitPrice?: NumberLike
  @IsOptional() @IsAmount({ from: 0 }) productPoints?: NumberLike
  @IsOptional() @IsText() productStatus?: IdLike
  /** As it was sent, whole. */
  sent!: JsonMap
}

/** What every whole body says, whatever its state. */
class IssuanceBody {
  @IsPresent() @IsId() orderId!: IdLike
  @IsPresent() @IsId() userId!: IdLike
  @IsPresent() @IsAmount({ from: 1 }) actionId!: NumberLike
  @IsPresent() @IsAmount({ from: 0 }) orderTotalSpend!: NumberLike
  @IsPresent() @IsAmount({ from: 0 }) orderTotalPoints!: NumberLike
  @IsOptional() @IsText() source?: IdLike
  @IsOptional() @IsText() coupon?: IdLike
  @IsOptional() @IsAmount({}) orderDiscountAmount?: NumberLike
  @IsOptional() @IsText() pointType?: IdLike
  @IsOptional() @IsDateText() orderDate?: string
  @IsOptional() @IsDateText() orderShipDate?: string
  @IsOptional() @IsText() storeId?: IdLike
  @IsOptional()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true, context: { contract: IssuanceProductBody } })
  productDetails?: IssuanceProductBody[]
  @IsOptional() @IsMap() orderAttribute?: JsonMap
}

/** Body of `POST /issuance`, purchase or not. */
export class IssuanceCreateBody extends IssuanceBody {
  @IsPresent() @IsWord(['SHIP', 'HOLD', 'RETURN', 'CANCEL']) orderStatus!: string
}

/** Body of `PUT /issuance`. */
export class IssuanceRewriteBody extends IssuanceBody {
  @IsPresent() @IsWord(['SHIP']) orderStatus!: string
}

/** Changes that name the part they are about, and a return, which is about everything. */
export const PART_WORDS = ['RETURN', 'PARTIAL RETURN', 'PARTIAL SHIP', 'PARTIAL CANCEL'] as const
/** Changes of the whole, which need nothing more. */
export const WHOLE_WORDS = ['FULL CANCEL', 'FULL SHIP', 'SHIP'] as const

/** Whole body of `PATCH /issuance`. */
export class IssuancePartBody extends IssuanceBody {
  @IsPresent() @IsWord(PART_WORDS) orderStatus!: string
}

/** Short body of `PATCH /issuance`. */
export class IssuanceWholeBody {
  @IsPresent() @IsId() orderId!: IdLike
  @IsPresent() @IsWord(WHOLE_WORDS) orderStatus!: string
}

/** Body of `POST /issuancedetails/{memberId}`. */
export class IssuanceFilterBody {
  @IsOptional() @IsId() orderId?: IdLike
  @IsOptional() @IsId() userId?: IdLike
  @IsOptional() @IsAmount({ from: 1 }) page?: NumberLike
}
