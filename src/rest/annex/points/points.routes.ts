import { MemberNotFound } from '../../../domain/members/errors'
import { statementOf, walletOf } from '../../../domain/points/wallet'
import { memberKey } from '../members'
import type { AnnexEndpoint } from '../routes'
import { toMemberPoints } from './points.mapping'

/** `GET /points/{memberId}`: balances, expiry outlook and tier distance of one member (contract, section 7). */
export const getPoints: AnnexEndpoint = {
  method: 'GET',
  path: '/points/:memberId',
  operation: 'getPoints',
  async answer({ deps: { stores }, caller, request }) {
    const { tenant, program, siteId, settings } = caller
    const key = memberKey(request.params['memberId'] ?? '')
    const found = await stores.members.findInProgram(tenant.id, key, program.id)
    if (!found) throw new MemberNotFound(key)
    const statement = await statementOf(stores.accounts, tenant, walletOf(tenant, found.member.id, program))
    return toMemberPoints({
      id: key.value,
      siteId,
      program,
      settings,
      membership: found.membership,
      statement,
    })
  },
}
