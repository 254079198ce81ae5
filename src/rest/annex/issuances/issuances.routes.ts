import { changeIssuance } from '../../../domain/issuances/change-issuance'
import { DuplicateIssuance, IssuanceNotFound } from '../../../domain/issuances/errors'
import type { ChangedIssuance } from '../../../domain/issuances/issuance-points'
import { recordIssuance } from '../../../domain/issuances/record-issuance'
import { rewriteIssuance } from '../../../domain/issuances/rewrite-issuance'
import { MemberNotFound } from '../../../domain/members/errors'
import type { MemberId } from '../../../domain/shared/ids'
import type { JsonMap, Writable } from '../../shared/json'
import { noDataFound } from '../errors'
import { memberKey } from '../members'
import { PAGE_SIZE, pageOf } from '../orders/details.mapping'
import { type AnnexCall, type AnnexEndpoint, objectIn } from '../routes'
import { ANNEX } from '../settings'
import { assertValid, filled } from '../validation'
import { textFrom } from '../values'
import {
  IssuanceCreateBody,
  IssuanceFilterBody,
  IssuancePartBody,
  IssuanceRewriteBody,
} from './issuances.contract'
import {
  bookingOf,
  missingDate,
  toChangeBody,
  toChangeIssuance,
  toFacts,
  toIssuanceBody,
  toIssuanceRecord,
  toIssuanceResult,
  toRecordIssuance,
} from './issuances.mapping'

/** `POST /issuance`: stores what the caller computed and grants exactly that (contract, section 9). */
export const postIssuance: AnnexEndpoint = {
  method: 'POST',
  path: '/issuance',
  operation: 'postIssuance',
  async answer(call) {
    const { deps, caller, request } = call
    const sent = objectIn(request)
    const body = toIssuanceBody(IssuanceCreateBody, sent)
    assertValid(body, missingDate(body, caller))
    if (['RETURN', 'CANCEL'].includes(body.orderStatus))
      throw await nothingToTakeBack(call, textFrom(body.orderId))
    const recorded = await recordIssuance(
      deps,
      caller,
      toRecordIssuance(body, sent, caller, request.requestId),
    )
    return resultOf(call, recorded)
  },
}

/** `PATCH /issuance`: ships, returns or cancels, whole or in part. */
export const patchIssuance: AnnexEndpoint = {
  method: 'PATCH',
  path: '/issuance',
  operation: 'patchIssuance',
  async answer(call) {
    const { deps, caller, request } = call
    const sent = objectIn(request)
    const body = toChangeBody(sent)
    assertValid(body, body instanceof IssuancePartBody ? missingDate(body, caller) : [])
    const memberId = body instanceof IssuancePartBody ? await memberNamed(call, textFrom(body.userId)) : null
    const told = { memberId, requestId: request.requestId }
    return resultOf(call, await changeIssuance(deps, caller, toChangeIssuance(body, sent, told)))
  },
}

/** `PUT /issuance`: rewrites the data; a difference of points is booked. */
export const putIssuance: AnnexEndpoint = {
  method: 'PUT',
  path: '/issuance',
  operation: 'putIssuance',
  async answer(call) {
    const { deps, caller, request } = call
    const sent = objectIn(request)
    const body = toIssuanceBody(IssuanceRewriteBody, sent)
    assertValid(body, missingDate(body, caller))
    const rewritten = await rewriteIssuance(deps, caller, {
      ...toFacts(body, sent, caller),
      issuanceKey: textFrom(body.orderId),
      memberId: await memberNamed(call, textFrom(body.userId)),
      booking: bookingOf('Update of', body, request.requestId),
    })
    return resultOf(call, rewritten)
  },
}

/** `POST /issuancedetails/{memberId}`: the issuances of a member, or one of them (contract, section 9). */
export const postIssuanceDetails: AnnexEndpoint = {
  method: 'POST',
  path: '/issuancedetails/:memberId',
  operation: 'postIssuanceDetails',
  async answer(call) {
    const { deps, caller, request } = call
    const body = filled(IssuanceFilterBody, objectIn(request))
    assertValid(body)
    const userId = request.params['memberId'] ?? ''
    const memberId = await memberNamed(call, userId)
    const issuanceKey = body.orderId === undefined ? null : textFrom(body.orderId)
    const page = pageOf(body.page)
    const store = deps.stores.issuances
    const filter = { memberId, issuanceKey, page, size: PAGE_SIZE }
    const { issuances, count } = await store.list(caller.tenant.id, filter)
    // The body names it, though the path has a member: 400 and not 404 (contract, section 4).
    if (count === 0 && issuanceKey !== null) throw noDataFound()
    const lines = await store.linesOf(
      caller.tenant.id,
      issuances.map(({ id }) => id),
    )
    const records = issuances.map((issuance) =>
      toIssuanceRecord(issuance, {
        siteId: caller.siteId,
        userId,
        lines: lines.filter(({ issuanceId }) => issuanceId === issuance.id),
      }),
    )
    const pages = { pages: Math.ceil(count / PAGE_SIZE), currentPage: page }
    if (count === 1 && page === 1) return { ...records[0], ...pages }
    return { siteId: caller.siteId, ...pages, issuanceDetail: records }
  },
}

/** A return or a cancellation is a PATCH; as a POST it can only be about what is not there, or there already. */
async function nothingToTakeBack({ deps, caller }: AnnexCall, issuanceKey: string): Promise<Error> {
  const known = await deps.stores.issuances.findByKey(caller.tenant.id, issuanceKey)
  return known ? new DuplicateIssuance(issuanceKey) : new IssuanceNotFound(issuanceKey)
}

async function memberNamed({ deps, caller }: AnnexCall, userId: string): Promise<MemberId> {
  const key = memberKey(userId)
  const [member] = await deps.stores.members.findByIdentities(caller.tenant.id, [key])
  if (!member) throw new MemberNotFound(key)
  return member.id
}

async function resultOf(
  { deps: { stores }, caller, request }: AnnexCall,
  changed: ChangedIssuance,
): Promise<Writable> {
  const { tenant, siteId } = caller
  const { id, memberId } = changed.issuance
  const lines = await stores.issuances.linesOf(tenant.id, [id])
  const userId = userIdIn(objectIn(request))
  if (userId !== null) return toIssuanceResult(changed, { siteId, userId, lines })
  const identities = await stores.members.identitiesOf(tenant.id, [memberId])
  const known = identities.find(({ door, type }) => door === ANNEX && type === 'id')
  return toIssuanceResult(changed, { siteId, userId: known?.value ?? memberId, lines })
}

const userIdIn = ({ userId }: JsonMap): string | null =>
  typeof userId === 'string' && userId !== '' ? userId : null

/** Every endpoint of issuances. */
export const issuanceEndpoints: readonly AnnexEndpoint[] = [
  postIssuance,
  patchIssuance,
  putIssuance,
  postIssuanceDetails,
]
