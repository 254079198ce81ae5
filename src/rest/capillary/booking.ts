import type { StoreStore } from '../../domain/programs/store'
import type { StoreId, TenantId } from '../../domain/shared/ids'
import type { HttpRequest } from '../shared/route'
import { DOOR, type SignIn } from './auth'
import type { Problem } from './contract'
import { refusal, refusalFor } from './errors'

/** The till and store that a call is booked on. */
export interface Booking {
  readonly tillCode: string
  readonly storeId: StoreId
}

/** An entity that a call names instead of the caller's own till. */
export interface EntityReference {
  readonly kind: EntityKind
  readonly code: string
}

const ENTITY_KINDS = [
  'TILL',
  'TILL_CODE',
  'STORE_CODE',
  'STORE_NAME',
  'STORE_EXTERNAL_ID',
  'STORE_EXTERNAL_ID_1',
  'STORE_EXTERNAL_ID_2',
] as const
type EntityKind = (typeof ENTITY_KINDS)[number]

/** The entity that the headers name (section 2.5), null for none, or what is wrong with them. Pure. */
export const headerReference = (
  { method }: SignIn,
  { headers }: HttpRequest,
): EntityReference | Problem | null =>
  method === 'oauth' ? oauthReference(headers) : basicReference(headers)

function oauthReference(headers: HttpRequest['headers']): EntityReference | null {
  const code = headerText(headers, 'x-cap-api-attribution-entity-code')
  if (code) return { kind: kindOf(headerText(headers, 'x-cap-api-attribution-entity-type')) ?? 'TILL', code }
  const tillCode = headerText(headers, 'x-cap-api-attribution-till-code')
  return tillCode ? { kind: 'TILL', code: tillCode } : null
}

function basicReference(headers: HttpRequest['headers']): EntityReference | Problem | null {
  const code = headerText(headers, 'x-cap-api-attribution-lookup')
  const type = headerText(headers, 'x-cap-api-attribution-lookup-type')
  if (!code) return null
  if (!type)
    return { step: 'STRUCTURE', code: 1061, field: null, message: 'The attribution lookup needs its type.' }
  const kind = kindOf(type)
  return kind
    ? { kind, code }
    : { step: 'STRUCTURE', code: 400, field: null, message: 'The attribution lookup type is unknown.' }
}

const headerText = (headers: HttpRequest['headers'], name: string): string | null =>
  headers[name]?.trim() || null

const kindOf = (type: string | null): EntityKind | null =>
  ENTITY_KINDS.find((kind) => kind === type?.toUpperCase()) ?? null

/** Where the call is booked; null when the entity it names does not exist. */
export async function bookingOf(
  shops: StoreStore,
  { caller, tillCode, storeId }: SignIn,
  reference: EntityReference | null,
): Promise<Booking | null> {
  const tenant = caller.tenant.id
  if (reference === null && storeId !== null) return { tillCode, storeId }
  if (reference === null || reference.kind === 'TILL' || reference.kind === 'TILL_CODE') {
    const till = await shops.tillByCode(tenant, reference?.code ?? tillCode)
    return till && { tillCode: till.code, storeId: till.storeId }
  }
  const store = await storeOf(shops, tenant, reference)
  if (!store) return null
  const till = await shops.firstTillOf(tenant, store.id)
  return { tillCode: till?.code ?? tillCode, storeId: store.id }
}

/** Where the headers of a call book it. Throws CapillaryRefusal: 671 for an entity that does not exist, and what is wrong with them. */
export async function bookedByHeaders(
  shops: StoreStore,
  signIn: SignIn,
  request: HttpRequest,
  named: EntityReference | null = null,
): Promise<Booking> {
  const inHeaders = headerReference(signIn, request)
  if (inHeaders && 'step' in inHeaders) throw refusalFor([inHeaders])
  const booking = await bookingOf(shops, signIn, named ?? inHeaders)
  if (!booking) throw noSuchEntity()
  return booking
}

export const noSuchEntity = () => refusal(400, 671, 'There is no such store or till.')

function storeOf(shops: StoreStore, tenant: TenantId, { kind, code }: EntityReference) {
  if (kind === 'STORE_CODE') return shops.findByCode(tenant, DOOR, code)
  if (kind === 'STORE_NAME') return shops.findByName(tenant, DOOR, code)
  const position = Number(/_(\d)$/.exec(kind)?.[1] ?? 0)
  return shops.findByExternalId(tenant, DOOR, code, position)
}
