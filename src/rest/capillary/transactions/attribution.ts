import type { ClientInstant } from '../../../domain/shared/instant'
import { isJsonMap, type JsonValue } from '../../shared/json'
import type { EntityReference } from '../booking'
import { choice, type Read, trimmed, UNREADABLE } from '../lenient'
import { moment } from '../time'

/** Books the transaction on another user, till or store than the caller's. */
export interface AttributionBody {
  readonly createDate: ClientInstant | null
  readonly code: string | null
  readonly type: string | null
}

/** Reads `attribution`; a date that is none makes it unreadable, an entity that is no text counts as not sent. */
export function attribution(value: JsonValue | undefined): Read<AttributionBody> {
  if (!isJsonMap(value)) return value === undefined || value === null || value === '' ? undefined : UNREADABLE
  const createDate = moment(value['createDate'])
  if (createDate === UNREADABLE) return UNREADABLE
  const createdBy = isJsonMap(value['createdBy']) ? value['createdBy'] : {}
  return {
    createDate: createDate ?? null,
    code: textOrNull(trimmed(createdBy['code'])),
    type: textOrNull(choice(createdBy['type'])),
  }
}

const textOrNull = (read: Read<string>): string | null => (typeof read === 'string' ? read : null)

/** Entities that are neither a till nor a store: kept and shown, but nothing can be booked on them. */
const PEOPLE_AND_AREAS = new Set(['ZONE', 'CONCEPT', 'ADMIN_USER', 'ASSOCIATE', 'RULE', 'OU'])

/** The till or store that the body books on, or null; as in the headers, an unknown kind is a till. */
export function bodyReference(body: AttributionBody | undefined): EntityReference | null {
  if (!body?.code || (body.type !== null && PEOPLE_AND_AREAS.has(body.type))) return null
  return { kind: body.type === 'STORE' ? 'STORE_CODE' : 'TILL', code: body.code }
}
