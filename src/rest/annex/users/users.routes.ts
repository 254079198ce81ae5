import { enrollNew } from '../../../domain/members/enroll-member'
import { MemberNotFound } from '../../../domain/members/errors'
import type { MemberInProgram } from '../../../domain/members/member-store'
import { updateMember } from '../../../domain/members/update-member'
import { MAIN_CURRENCY } from '../../../domain/points/ledger'
import type { IssuanceId, OrderId } from '../../../domain/shared/ids'
import { periodFigures } from '../../../domain/tiers/period-figures'
import { invalid, missing } from '../errors'
import { memberKey } from '../members'
import { pageOf, PAGE_SIZE, pagesOf } from '../paging'
import { readWallets } from '../points/points.routes'
import { type AnnexCall, type AnnexEndpoint, objectIn } from '../routes'
import { ANNEX } from '../settings'
import { assertValid, filled } from '../validation'
import { textFrom } from '../values'
import { toActivity } from './activity.mapping'
import { toMemberTiers, toRewardList } from './standing.mapping'
import { UserBody, UserPatchBody } from './users.contract'
import { toEnrollMember, toMemberChanges, toUser } from './users.mapping'

/** `POST /users`: enrolls a member (contract, section 10). */
const createUser: AnnexEndpoint = {
  method: 'POST',
  path: '/users',
  operation: 'createUser',
  async answer({ deps, caller, request }) {
    const body = filled(UserBody, objectIn(request))
    assertValid(body)
    const { member } = await enrollNew(deps, caller, toEnrollMember(body, caller))
    return toUser(textFrom(body.id), member, caller)
  },
}

const getUser: AnnexEndpoint = {
  method: 'GET',
  path: '/users/:memberId',
  operation: 'getUser',
  async answer(call) {
    const { id, found } = await memberOf(call)
    return toUser(id, found.member, call.caller)
  },
}

/** `PATCH /users/{memberId}`: only what is sent changes. */
const updateUser: AnnexEndpoint = {
  method: 'PATCH',
  path: '/users/:memberId',
  operation: 'updateUser',
  async answer(call) {
    const { deps, caller, request } = call
    const body = filled(UserPatchBody, objectIn(request))
    assertValid(body)
    const { id, found } = await memberOf(call)
    if (body.id !== undefined && textFrom(body.id) !== id) throw invalid(['id'])
    const changes = toMemberChanges(body, found.member, caller.tenant.time.now)
    if (!changes) throw missing(['body'])
    const member = await updateMember(deps, caller, { member: found.member.id, changes, door: ANNEX })
    return toUser(id, member, caller)
  },
}

/** One client sends PUT and means PATCH (contract, section 8). */
const updateUserPut: AnnexEndpoint = { ...updateUser, method: 'PUT', operation: 'updateUserPut' }

/** `GET /users/{memberId}/activity`: newest first. */
const getUserActivity: AnnexEndpoint = {
  method: 'GET',
  path: '/users/:memberId/activity',
  operation: 'getUserActivity',
  async answer(call) {
    const { stores } = call.deps
    const { tenant, program, siteId } = call.caller
    const page = pageOf(call.request.query)
    if (page === null) throw invalid(['page'])
    const { found } = await memberOf(call)
    const { rows, total } = await stores.activities.numbered(tenant.id, {
      memberId: found.member.id,
      programId: program.id,
      currency: MAIN_CURRENCY,
      first: PAGE_SIZE,
      offset: (page - 1) * PAGE_SIZE,
    })
    const bought = (kind: 'ORDER' | 'ISSUANCE') =>
      rows.flatMap(({ purchaseKind, purchaseId }) =>
        purchaseKind === kind && purchaseId !== null ? [purchaseId] : [],
      )
    const [said, sources, orders, issuances] = await Promise.all([
      stores.pointsRequests.attributesOf(tenant.id, rows),
      stores.activities.sourcesOf(tenant.id, rows),
      stores.orders.findByIds(tenant.id, bought('ORDER') as OrderId[]),
      stores.issuances.findByIds(tenant.id, bought('ISSUANCE') as IssuanceId[]),
    ])
    return {
      siteId,
      activityDetail: rows.map((row) => toActivity(row, { said, sources, orders, issuances })),
      pages: pagesOf(total),
      currentPage: page,
      totalActivityCount: total,
    }
  },
}

const getTiers: AnnexEndpoint = {
  method: 'GET',
  path: '/users/:memberId/tiers',
  operation: 'getTiers',
  async answer(call) {
    const { stores } = call.deps
    const { tenant, program, siteId } = call.caller
    const { id, found } = await memberOf(call)
    const previousId = await stores.members.previousTier(tenant.id, found.member.id, program.id)
    const [previous] = previousId ? await stores.tiers.findByIds(tenant.id, [previousId]) : []
    const wallets = await readWallets(call.deps, call.caller, found.member)
    const periods = await periodFigures(stores, tenant, program, [found.member.id])
    return toMemberTiers({
      siteId,
      id,
      program,
      membership: found.membership,
      previous: previous ?? null,
      period: periods.get(found.member.id) ?? null,
      ...wallets,
    })
  },
}

/**
 * `GET /users/{memberId}/reward`: what the member could take, and whether now, by the sequence of the setup; that is also
 * what `sort_by=rewardSequence` asks for, the only order that is documented.
 */
const getRewards: AnnexEndpoint = {
  method: 'GET',
  path: '/users/:memberId/reward',
  operation: 'getRewards',
  async answer(call) {
    const { tenant, program, settings } = call.caller
    const { found } = await memberOf(call)
    const { statement } = await readWallets(call.deps, call.caller, found.member)
    const inStock = await call.deps.stores.rewardCodes.rewardsInStock(tenant.id, program.id)
    return toRewardList({ program, settings, member: found.member, statement, inStock })
  },
}

/** What an integrator calls around orders and points. */
export const userEndpoints: readonly AnnexEndpoint[] = [
  createUser,
  getUser,
  updateUser,
  updateUserPut,
  getUserActivity,
  getTiers,
  getRewards,
]

/** The member that the path names. Throws MemberNotFound. */
async function memberOf({
  deps,
  caller,
  request,
}: AnnexCall): Promise<{ readonly id: string; readonly found: MemberInProgram }> {
  const key = memberKey(request.params['memberId'] ?? '')
  const found = await deps.stores.members.findInProgram(caller.tenant.id, key, caller.program.id)
  if (!found) throw new MemberNotFound(key)
  return { id: key.value, found }
}
