import { MemberNotFound } from '../../../domain/members/errors'
import type { Member } from '../../../domain/members/member'
import { bucketWalletOf, groupWalletOf, movedNow, walletOf } from '../../../domain/points/wallet'
import type { SignedIn } from '../auth'
import { memberKey } from '../members'
import type { AnnexDeps, AnnexEndpoint } from '../routes'
import { toMemberPoints } from './points.mapping'

/** `GET /points/{memberId}`: balances, expiry outlook, tier distance, group and buckets of one member (contract, section 7). */
export const getPoints: AnnexEndpoint = {
  method: 'GET',
  path: '/points/:memberId',
  operation: 'getPoints',
  async answer({ deps, caller, request }) {
    const { tenant, program, siteId, settings } = caller
    const key = memberKey(request.params['memberId'] ?? '')
    const found = await deps.stores.members.findInProgram(tenant.id, key, program.id)
    if (!found) throw new MemberNotFound(key)
    const { member, membership } = found
    const walletsOf = await readWallets(deps, caller, member)
    return toMemberPoints({ id: key.value, siteId, program, settings, membership, ...walletsOf })
  },
}

/** The member's wallets of every kind, and the group's: two statements. */
export async function readWallets({ stores }: AnnexDeps, { tenant, program }: SignedIn, member: Member) {
  const [own] = await stores.groups.groupsOf(tenant.id, [member.id])
  const kinds = ['SPENDABLE', 'TIER'] as const
  const buckets = program.buckets.flatMap((bucket) => kinds.map((kind) => ({ bucket, kind })))
  const wallets = [
    walletOf(tenant, member.id, program),
    ...buckets.map((bucket) => bucketWalletOf(tenant, member.id, program, bucket)),
    ...(own ? [groupWalletOf(tenant, own.group, program)] : []),
  ]
  const [statement = null, ...others] = await stores.accounts.statements(
    wallets,
    movedNow(tenant),
    tenant.setup.timeZone,
  )
  return {
    statement,
    buckets: program.buckets.map((bucket, index) => ({
      bucket,
      spendable: others[index * 2] ?? null,
      tier: others[index * 2 + 1] ?? null,
    })),
    group: own ? { group: own.group, statement: others[buckets.length] ?? null } : null,
  }
}
