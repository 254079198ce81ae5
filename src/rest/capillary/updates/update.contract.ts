import { IsIn, IsOptional } from 'class-validator'
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../domain/transactions/transaction'
import type { JsonMap } from '../../shared/json'
import { Reads, ReadsEach, refuse } from '../contract'
import { choice, map, texts, trimmed } from '../lenient'

export class UpdatedLineBody {
  @Reads(trimmed) id?: string
  @Reads(trimmed) itemCode?: string
  @Reads(map) extendedFields?: JsonMap
}

/** `PUT /v2/transactions`, and an item of its bulk, in the vendor's words. Members that are not listed are ignored. */
export class UpdateTransactionBody {
  @Reads(trimmed) id?: string
  @Reads(trimmed, { aliases: ['billNumber'] }) number?: string

  @Reads(choice, { unreadable: { step: 'STRUCTURE', code: 1636 } })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES, refuse('STRUCTURE', 1636, 'is not a delivery status'))
  deliveryStatus?: DeliveryStatus

  @Reads(map) customFields?: JsonMap
  @Reads(map) extendedFields?: JsonMap
  @Reads(texts) loyaltyPromotionIdentifiers?: readonly string[]
  @Reads(trimmed) tillCode?: string
  @ReadsEach(UpdatedLineBody) lineItems?: readonly UpdatedLineBody[]

  // Mandatory in a bulk; a single call names the customer in its query.
  @Reads(trimmed, { aliases: ['identifierName'] }) identifierType?: string
  @Reads(trimmed) identifierValue?: string
  @Reads(trimmed) source?: string
  @Reads(trimmed) accountId?: string
}
