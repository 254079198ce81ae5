import type { Decimal } from '../../../domain/shared/decimal'
import type { JsonMap } from '../../shared/json'
import { AtMost, Reads, refuse } from '../contract'
import { choice, decimal, flag, map, trimmed } from '../lenient'

const INVALID_POINTS = { step: 'AMOUNTS', code: 801 } as const

/** `POST /v2/customers/{id}/redemptions`, in the vendor's words. Members that are not listed are ignored. */
export class RedeemPointsBody {
  @Reads(choice) redemptionType?: string
  @Reads(decimal, { unreadable: INVALID_POINTS }) points?: Decimal
  @Reads(trimmed)
  @AtMost(255, refuse('STRUCTURE', 685, 'has more than 255 characters'))
  transactionNumber?: string
  @Reads(flag) commit?: boolean
  @Reads(flag) groupRedemption?: boolean
  @Reads(trimmed)
  @AtMost(255, refuse('STRUCTURE', 685, 'has more than 255 characters'))
  externalReferenceNumber?: string
}

/** `POST /v2/points/reverse`. */
export class ReversePointsBody {
  @Reads(trimmed) redemptionId?: string
  @Reads(decimal, { unreadable: { step: 'AMOUNTS', code: 887 } }) pointsToBeReversed?: Decimal
  @Reads(map) identifier?: JsonMap
}

/** `PUT /v2/points/updateRedemption`. */
export class UpdateRedemptionBody {
  @Reads(trimmed) redemptionId?: string
  @Reads(trimmed) externalReferenceNumber?: string
  @Reads(trimmed) @AtMost(255, refuse('STRUCTURE', 685, 'has more than 255 characters')) billNumber?: string
  @Reads(trimmed) billId?: string
  @Reads(trimmed) @AtMost(255, refuse('STRUCTURE', 685, 'has more than 255 characters')) purpose?: string
  @Reads(map) entity?: JsonMap
  @Reads(map) customFields?: JsonMap
}
