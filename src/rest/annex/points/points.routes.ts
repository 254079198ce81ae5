import { MemberNotFound } from '../../../domain/members/errors'
import type { Member } from '../../../domain/members/member'
import { beginOf } from '../../../domain/points/earning-period'
import { bucketWalletOf, groupWalletOf, movedNow, walletOf } from '../../../domain/points/wallet'
import { periodFigures } from '../../../domain/tiers/period-figures'
import { JsonNumber, type JsonValue, type Writable } from '../../shared/json'
import type { SignedIn } from '../auth'
import { answerEach } from '../bulk'
import { memberKey } from '../members'
import type { AnnexCall, AnnexDeps, AnnexEndpoint } from '../routes'
import { IsId, IsPresent } from '../rules'
import { assertValid, filled } from '../validation'
import { type IdLike, textFrom } from '../values'
import { type PointsOfMember, toMemberPoints } from './points.mapping'

/** `GET /points/{memberId}`: balances, expiry outlook, tier distance, group and buckets of one member (contract, section 7). */
export const getPoints: AnnexEndpoint = {
  method: 'GET',
  path: '/points/:memberId',
  operation: 'getPoints',
  answer: (call) => pointsOf(call, call.request.params['memberId'] ?? ''),
}

/** `POST /getbulkpoints`: the same for several members, each by itself; the vendor's SAP connector calls it. */
export const getBulkPoints: AnnexEndpoint = {
  method: 'POST',
  path: '/getbulkpoints',
  operation: 'getBulkPoints',
  answer: (call) =>
    answerEach(call.request, {
      nameOf: ({ id }) => (isId(id) ? { id: textFrom(id) } : {}),
      // Nobody waits for anybody: reading changes nothing.
      laneOf: ({ id }) => (isId(id) ? textFrom(id) : ''),
      answer(sent) {
        const body = filled(MemberIdBody, sent)
        assertValid(body)
        return pointsOf(call, textFrom(body.id))
      },
    }),
}

const isId = (id: JsonValue | undefined): id is IdLike => typeof id === 'string' || id instanceof JsonNumber

/** An entry of `POST /getbulkpoints`. */
export class MemberIdBody {
  @IsPresent() @IsId() id!: IdLike
}

async function pointsOf({ deps, caller }: AnnexCall, id: string): Promise<Writable> {
  const { tenant, program, siteId, settings } = caller
  const key = memberKey(id)
  const found = await deps.stores.members.findInProgram(tenant.id, key, program.id)
  if (!found) throw new MemberNotFound(key)
  const { member, membership } = found
  const wallets = await readWallets(deps, caller, member)
  const earned = await earnedOf(deps, caller, member)
  const periods = await periodFigures(deps.stores, tenant, program, [member.id])
  const period = periods.get(member.id) ?? null
  return toMemberPoints({ id: key.value, siteId, program, settings, membership, period, ...wallets, earned })
}

/** What was earned in the period that the site counts by; null when it counts by none. */
async function earnedOf(
  { stores }: AnnexDeps,
  { tenant, program, settings: { earnedPointsPeriod: period } }: SignedIn,
  { id, joinedAt }: Member,
): Promise<PointsOfMember['earned']> {
  if (!period) return null
  const from = beginOf(period, { now: tenant.time.now, joinedAt, zone: tenant.setup.timeZone })
  return { period, points: await stores.accounts.earnedSince(walletOf(tenant, id, program), from) }
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
