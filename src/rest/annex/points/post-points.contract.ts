import { IsOptional, ValidateNested } from 'class-validator'
import type { JsonMap } from '../../shared/json'
import { IsActionId, IsAmount, IsId, IsMap, IsPresent, IsText, IsWord } from '../rules'
import type { IdLike, NumberLike } from '../values'

/** The counterpart of a transfer. */
export class RecipientBody {
  @IsPresent() @IsId() recipientId!: IdLike
}

/** One amount of a further kind of points: `Credit[travel]` or `TierCredit[travel]`. */
export class BucketBody {
  /** The property's literal name. */
  readonly property!: string
  readonly bucket!: string
  readonly kind!: 'SPENDABLE' | 'TIER'
  @IsAmount({ above: 0 }) points!: NumberLike
}

/** Body of `POST /points`, all seven variants, and of an entry of `POST /bulkpoints`. */
export class PointsBody {
  @IsPresent() @IsId() id!: IdLike
  @IsPresent() @IsWord(['CREDIT', 'DEBIT']) activity!: string
  @IsOptional() @IsActionId() actionId?: IdLike
  @IsOptional() @IsId() customId?: IdLike
  @IsOptional() @IsId() rewardId?: IdLike
  @IsOptional() @IsId() groupId?: IdLike
  @IsOptional() @IsId() userId?: IdLike
  @IsOptional() @IsId() orderId?: IdLike
  @IsOptional() @IsId() storeId?: IdLike
  @IsOptional() @IsAmount({ above: 0 }) credit?: NumberLike
  @IsOptional() @IsAmount({ above: 0 }) debit?: NumberLike
  @IsOptional() @IsWord(['YES', 'NO']) retry?: string
  @IsOptional() @IsText() allowNegativePoints?: IdLike
  @IsOptional() @IsText() pointType?: IdLike
  @IsOptional() @IsText() campaignId?: IdLike
  @IsOptional() @IsText() source?: IdLike
  @IsOptional() @IsText() reason?: IdLike
  /** Taken and not looked at: `id` says who is meant. */
  @IsOptional() @IsText() email?: IdLike
  @IsOptional() @IsText() vendorEmail?: IdLike
  @IsOptional() @IsText() vendorName?: IdLike
  @IsOptional() @IsText() sectionId?: IdLike
  @IsOptional() @IsText() sectionName?: IdLike
  @IsOptional() @IsText() surveyId?: IdLike
  @IsOptional() @IsText() surveyName?: IdLike
  @IsOptional() @IsMap() actionAttribute?: JsonMap
  @IsOptional() @ValidateNested({ context: { contract: RecipientBody } }) recipientData?: RecipientBody
  @ValidateNested({ each: true, context: { named: ['^Credit\\[.+\\]$', '^TierCredit\\[.+\\]$'] } })
  buckets: BucketBody[] = []
}
