import { IsDefined, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator'
import type { Decimal } from '../../../domain/shared/decimal'
import type { ClientInstant } from '../../../domain/shared/instant'
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  OUTLIER_STATUSES,
  type OutlierStatus,
  TRANSACTION_TYPES,
} from '../../../domain/transactions/transaction'
import type { JsonMap, JsonValue } from '../../shared/json'
import { AtMost, NotNegative, Reads, ReadsEach, refuse } from '../contract'
import {
  asSent,
  choice,
  decimal,
  flag,
  listOrOne,
  map,
  type Read,
  text,
  texts,
  trimmed,
  UNREADABLE,
} from '../lenient'
import { moment } from '../time'
import { attribution, type AttributionBody } from './attribution'

/** `MIXED` is a header type of the older API, a sale with return lines; `NI_RETURN` is one client's, where the organization takes it. */
export const HEADER_TYPES = [...TRANSACTION_TYPES, 'MIXED', 'NI_RETURN'] as const
const NO_SUCH_TYPE = { step: 'STRUCTURE', code: 605 } as const
const NO_SUCH_STATUS = { step: 'STRUCTURE', code: 1636 } as const
const NO_SUCH_DATE = { step: 'DATES', code: 400 } as const

/** A word that counts only in some bodies: what cannot be read is no word that anybody knows. */
export function word(value: JsonValue | undefined): Read<string> {
  const read = choice(value)
  return read === UNREADABLE ? '?' : read
}

/** Part of a bundle. `quantity` here, `qty` on a line: as published. */
export class ComboItemBody {
  @Reads(trimmed) itemCode?: string
  @Reads(decimal) quantity?: Decimal
  @Reads(text) description?: string
  @Reads(decimal) rate?: Decimal
  @Reads(decimal) value?: Decimal
  @Reads(choice) comboType?: string
}

export class LineItemBody {
  @Reads(choice, { unreadable: NO_SUCH_TYPE })
  @IsOptional()
  @IsIn(TRANSACTION_TYPES, refuse('STRUCTURE', 605, 'is not a line type'))
  type?: string

  @Reads(trimmed, { unreadable: { step: 'STRUCTURE', code: 622 } })
  @IsDefined(refuse('STRUCTURE', 622, 'the line cannot be added without it'))
  itemCode?: string

  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 661, 'is negative')) amount?: Decimal
  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 662, 'is negative')) value?: Decimal
  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 663, 'is negative')) rate?: Decimal
  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 664, 'is negative')) discount?: Decimal
  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 627, 'is negative')) qty?: Decimal

  // Of a line that comes back; one client sends header values that count only for returns with its sales.
  @Reads(word) returnType?: string
  @Reads(trimmed) parentBillNumber?: string
  @Reads(moment, { unreadable: NO_SUCH_DATE }) purchaseTime?: ClientInstant

  @Reads(text) description?: string
  @Reads(trimmed) serial?: string
  @Reads(flag) returnable?: boolean
  // Misspelt in the published table, so sent.
  @Reads(decimal, { aliases: ['reutrnableDays'] }) returnableDays?: Decimal
  @Reads(text) imgUrl?: string
  @Reads(map, { unreadable: { step: 'STRUCTURE', code: 617 } }) attributes?: JsonMap
  @Reads(map) customFields?: JsonMap
  @Reads(map) extendedFields?: JsonMap
  @ReadsEach(ComboItemBody, { read: listOrOne, skipsEmpty: true }) comboDetails?: readonly ComboItemBody[]
  @ReadsEach(ComboItemBody, { read: listOrOne, skipsEmpty: true }) addOnDetails?: readonly ComboItemBody[]
  @ReadsEach(ComboItemBody, { read: listOrOne, skipsEmpty: true }) splitDetails?: readonly ComboItemBody[]
  @Reads(texts) appliedPromotionIdentifiers?: readonly string[]
}

/** A tender. What is wrong with one never stops the sale, except notes that are too long. */
export class PaymentModeBody {
  @Reads(trimmed) mode?: string
  @Reads(asSent) value?: JsonValue
  @Reads(text) @AtMost(250, refuse('STRUCTURE', 685, 'has more than 250 characters')) notes?: string
  @Reads(map) attributes?: JsonMap
}

/** `POST /v2/transactions`, in the vendor's words. Members that are not listed are ignored. */
export class AddTransactionBody {
  @Reads(choice, { unreadable: NO_SUCH_TYPE })
  @IsIn(HEADER_TYPES, refuse('STRUCTURE', 605, 'is missing or not a transaction type'))
  type?: string

  @Reads(trimmed, { unreadable: { step: 'STRUCTURE', code: 602 } })
  @IsOptional()
  @Matches(/^\P{Cc}*$/u, refuse('STRUCTURE', 602, 'contains control characters'))
  @AtMost(50, refuse('STRUCTURE', 685, 'has more than 50 characters'))
  billNumber?: string

  @Reads(decimal, { unreadable: { step: 'STRUCTURE', code: 601 } })
  @NotNegative(refuse('AMOUNTS', 631, 'is negative'))
  billAmount?: Decimal

  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 665, 'is negative')) grossAmount?: Decimal
  @Reads(decimal) @NotNegative(refuse('AMOUNTS', 666, 'is negative')) discount?: Decimal
  @Reads(moment, { unreadable: NO_SUCH_DATE }) billingDate?: ClientInstant
  @Reads(text) note?: string
  @Reads(text)
  @AtMost(255, refuse('STRUCTURE', 685, 'has more than 255 characters'))
  notInterestedReason?: string

  @Reads(word) returnType?: string
  /** Of the bill that comes back. */
  @Reads(word) id?: string
  @Reads(moment, { unreadable: NO_SUCH_DATE }) purchaseTime?: ClientInstant

  @Reads(choice, { unreadable: NO_SUCH_STATUS })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES, refuse('STRUCTURE', 1636, 'is not a delivery status'))
  deliveryStatus?: DeliveryStatus

  @Reads(choice, { unreadable: NO_SUCH_STATUS })
  @IsOptional()
  @IsIn(OUTLIER_STATUSES, refuse('STRUCTURE', 1636, 'is not an outlier status'))
  outlierStatus?: OutlierStatus

  @Reads(choice) currencyCode?: string
  @Reads(flag) addWithLocalCurrency?: boolean
  @Reads(trimmed) userGroup2Id?: string
  @Reads(trimmed) userGroup2PrimaryUserId?: string
  @Reads(trimmed) userGroup2ExternalId?: string
  @Reads(trimmed) userGroup2PrimaryUserIdentifierType?: string
  // Misspelt in the published sample, so sent.
  @Reads(trimmed, { aliases: ['userGroup2PrimaryUserIdentifierVale'] })
  userGroup2PrimaryUserIdentifierValue?: string
  @Reads(trimmed) userGroup2PrimaryUserSource?: string
  @Reads(trimmed) userGroup2PrimaryUserAccountId?: string
  @Reads(map) extendedFields?: JsonMap
  // What is no map of fields is not added, and does not stop the sale.
  @Reads(asSent) customFields?: JsonValue
  @ReadsEach(LineItemBody) @ValidateNested({ each: true }) lineItemsV2?: readonly LineItemBody[]
  @ReadsEach(PaymentModeBody, { skipsEmpty: true })
  @ValidateNested({ each: true })
  paymentModes?: readonly PaymentModeBody[]
  @Reads(map) redemptions?: JsonMap
  @Reads(attribution, { unreadable: NO_SUCH_DATE }) attribution?: AttributionBody
  @Reads(trimmed) promotionEvaluationId?: string
  @Reads(texts) appliedPromotionIdentifiers?: readonly string[]
  @Reads(texts) loyaltyPromotionIdentifiers?: readonly string[]
  @Reads(trimmed) programId?: string

  // Repeated here by clients; they count only where the query lacks them.
  @Reads(trimmed, { aliases: ['identifierName'] }) identifierType?: string
  @Reads(trimmed) identifierValue?: string
  @Reads(trimmed) source?: string
  @Reads(trimmed) accountId?: string
}
