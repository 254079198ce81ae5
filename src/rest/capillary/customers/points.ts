import type { Member } from '../../../domain/members/member'
import { movedNow } from '../../../domain/points/wallet'
import type { Program } from '../../../domain/programs/program'
import { ZERO_AMOUNT } from '../../../domain/shared/money'
import { ZERO_POINTS } from '../../../domain/shared/points'
import { progressToNextTier } from '../../../domain/tiers/evaluate-tier'
import { periodFigures } from '../../../domain/tiers/period-figures'
import type { Writable } from '../../shared/json'
import type { Answer, Call } from '../call'
import { refusal } from '../errors'
import { idNumber } from '../numbers'
import { formatOldMoment, lastSecondBefore, parseMoment } from '../time'
import { loyaltyType } from './details.mapping'
import {
  type Days,
  type ProgramLots,
  toBalance,
  toExpirySchedules,
  toPromisedSchedule,
} from './points.mapping'
import { type AskedEntity, entityAsked } from './entity'
import { isTrue, programsAsked } from './programs'

/** What can be redeemed now and what is promised, summed over the programs that are asked about. */
export async function pointsBalance(call: Call, member: Member): Promise<Answer> {
  const { deps, signIn, request } = call
  const { tenant } = signIn.caller
  const programs = programsAsked(call)
  const entity = await entityAsked(call, member)
  const wallets = programs.map(entity.walletIn)
  const statements = await deps.stores.accounts.statements(wallets, movedNow(tenant), tenant.setup.timeZone)
  const one = isTrue(request.query, 'fetchDataForAllPrograms') ? undefined : programs[0]
  return ok({
    ...entity.shown,
    ...(one && { programId: idNumber(one.id) }),
    ...toBalance(statements),
    warnings: [],
  })
}

/** What expires when. The published answer carries an empty customer besides. */
export async function pointsExpirySchedule(call: Call, member: Member): Promise<Answer> {
  const { query } = call.request
  const lots = await lotsOf(call, await entityAsked(call, member), programsAsked(call))
  const zone = call.signIn.caller.tenant.setup.timeZone
  const earliestOnly = isTrue(query, 'fetchEarliestExpiryOnly')
  return ok({
    id: idNumber(member.id),
    profiles: [],
    loyaltyInfo: { loyaltyType: loyaltyType(member) },
    segments: {},
    extendedFields: {},
    expirySchedules: toExpirySchedules(lots, daysAsked(query), earliestOnly, zone),
    warnings: [],
  })
}

export async function promisedPointsSchedule(call: Call, member: Member): Promise<Answer> {
  const entity = await entityAsked(call, member)
  const lots = await lotsOf(call, entity, programsAsked(call))
  return ok({
    ...entity.shown,
    promisedPointsScheduleList: toPromisedSchedule(lots, call.signIn.caller.tenant.setup.timeZone),
    triggerBasedPointsList: [],
    warnings: [],
  })
}

/**
 * The tier in each program that is asked about; one that the clock alone will end says until when it is good. A group
 * stands in none.
 */
export async function tierDetails(call: Call, member: Member): Promise<Answer> {
  const programs = programsAsked(call)
  const entity = await entityAsked(call, member)
  const tiers =
    entity.type === 'FLEET'
      ? programs.map(noTierIn)
      : await Promise.all(programs.map((program) => tierIn(call, member, program)))
  return ok({ ...entity.shown, programTiers: tiers, warnings: [] })
}

async function tierIn({ deps, signIn }: Call, member: Member, program: Program): Promise<Writable> {
  const { tenant } = signIn.caller
  const [membership] = await deps.stores.members.memberships(tenant.id, [member.id], program.id)
  const tier = program.tiers.find(({ id }) => id === membership?.tierId) ?? null
  const periods = await periodFigures(deps.stores, tenant, program, [member.id])
  const end = periods.get(member.id)?.next?.at
  // Only which tier is next is asked, not how far it is.
  const standing = { lifetime: ZERO_POINTS, spend: ZERO_AMOUNT }
  const next = progressToNextTier(program.tiers, tier, standing)?.next
  return {
    programId: idNumber(program.id),
    currentTierName: tier?.name ?? 'NONE',
    currentTierSerialNumber: tier?.rank ?? 0,
    ...(end && { tierExpiryDate: formatOldMoment(lastSecondBefore(end), tenant.setup.timeZone) }),
    nextTierName: next?.name ?? '',
    nextTierSerialNumber: next?.rank ?? -1,
  }
}

const noTierIn = ({ id }: Program): Writable => ({
  programId: idNumber(id),
  currentTierName: 'NONE',
  currentTierSerialNumber: 0,
  nextTierName: '',
  nextTierSerialNumber: -1,
})

const ok = (body: Readonly<Record<string, Writable>>): Answer => ({ status: 200, body })

export const lotsOf = (
  { deps, signIn }: Call,
  { walletIn }: Pick<AskedEntity, 'walletIn'>,
  programs: readonly Program[],
): Promise<readonly ProgramLots[]> => {
  const { tenant } = signIn.caller
  return Promise.all(
    programs.map(async (program) => ({
      program,
      lots: await deps.stores.lots.openLots(walletIn(program), movedNow(tenant)),
    })),
  )
}

function daysAsked(query: URLSearchParams): Days {
  const [from, until] = [dayAsked(query, 'startDate'), dayAsked(query, 'endDate')]
  if (from !== null && until !== null && from > until)
    throw refusal(400, 1115, 'startDate must not be after endDate.')
  return { from, until }
}

function dayAsked(query: URLSearchParams, name: string): string | null {
  const said = query.get(name)?.trim()
  if (!said) return null
  if (!/^\d{4}-\d{2}-\d{2}$/.test(said) || !parseMoment(said))
    throw refusal(400, 1114, `${name} must be a day: YYYY-MM-DD.`)
  return said
}
