import { ArrayMaxSize, ArrayMinSize, IsOptional, ValidateNested } from 'class-validator'
import { IsAmount, IsId, IsPresent, IsWord } from '../rules'
import type { IdLike, NumberLike } from '../values'
import { MOST_LINES, OrderLineBody } from './orders.contract'

/** A line that is shipped, returned or canceled; without a quantity all of it. */
export class MovedLineBody {
  @IsPresent() @IsId() id!: IdLike
  @IsOptional() @IsAmount({ above: 0 }) quantity?: NumberLike
  @IsOptional() @IsAmount({ from: 0 }) unitPrice?: NumberLike
  @IsOptional() @IsId() secondarykey?: IdLike
}

/** Body of `PATCH /orders/{orderId}`, first set: ship, return or cancel, whole or in part. */
export class OrderMoveBody {
  @IsOptional() @IsId() orderId?: IdLike
  @IsPresent() @IsWord(['SHIP', 'RETURN', 'CANCEL', 'ADD']) status!: string
  @IsOptional() @IsWord(['YES', 'NO']) disregardHoldPeriod?: string
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true, context: { contract: MovedLineBody } })
  orderDetail?: MovedLineBody[]
}

/** Second set: more units or further products. */
export class OrderAddBody {
  @IsOptional() @IsId() orderId?: IdLike
  @IsPresent() @IsWord(['ADD']) status!: string
  @IsOptional() @IsWord(['YES', 'NO']) disregardHoldPeriod?: string
  @IsPresent()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true, context: { contract: OrderLineBody } })
  orderDetail!: OrderLineBody[]
}
