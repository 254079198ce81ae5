import type { Decimal } from '../../../domain/shared/decimal'
import type { ClientInstant } from '../../../domain/shared/instant'
import type { JsonMap, JsonValue } from '../../shared/json'
import { Reads, ReadsEach } from '../contract'
import { choice, decimal, list, map, text, trimmed } from '../lenient'
import { moment } from '../time'

export class IdentifierBody {
  @Reads(trimmed) type?: string
  @Reads(trimmed) value?: string
  /** Of a card: the number it has in the organization's own books. */
  @Reads(trimmed) cardExternalId?: string
  @Reads(trimmed) seriesId?: string
  @Reads(trimmed) seriesCode?: string
  @Reads(trimmed) statusLabel?: string
}

/** A customer as one source knows them. */
export class ProfileBody {
  @Reads(text, { aliases: ['Firstname', 'firstname'] }) firstName?: string
  @Reads(text, { aliases: ['Lastname', 'lastname'] }) lastName?: string
  @ReadsEach(IdentifierBody) identifiers?: readonly IdentifierBody[]
  @Reads(list) commChannels?: readonly JsonValue[]
  @Reads(choice) source?: string
  @Reads(trimmed) accountId?: string
  @Reads(map) fields?: JsonMap
}

export class EnrollmentBody {
  @Reads(trimmed) programId?: string
  @Reads(trimmed) tierNumber?: string
  @Reads(decimal) loyaltyPoints?: Decimal
  @Reads(moment) pointsExpiryDate?: ClientInstant
}

/** `POST /v2/customers`, in the vendor's words. Members that are not listed are ignored. */
export class RegisterCustomerBody {
  @ReadsEach(ProfileBody) profiles?: readonly ProfileBody[]
  @Reads(map) loyaltyInfo?: JsonMap
  @Reads(trimmed) associatedWith?: string
  @Reads(moment) createDate?: ClientInstant
  @Reads(map) extendedFields?: JsonMap
  @ReadsEach(EnrollmentBody) loyaltyProgramEnrollments?: readonly EnrollmentBody[]
}
