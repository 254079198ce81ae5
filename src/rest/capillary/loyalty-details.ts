import type { Member } from '../../domain/members/member'
import type { AccountStatement } from '../../domain/points/ledger'
import { statementOf, walletOf } from '../../domain/points/wallet'
import type { Program } from '../../domain/programs/program'
import type { Tenant } from '../../domain/programs/tenant'
import { ZERO_AMOUNT } from '../../domain/shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../../domain/shared/points'
import type { Stores } from '../../domain/stores'
import { progressToNextTier } from '../../domain/tiers/evaluate-tier'
import { periodFigures } from '../../domain/tiers/period-figures'
import { JsonNumber, type Writable } from '../shared/json'
import { amountNumber, idNumber, pointsNumber } from './numbers'
import { formatMoment, lastSecondBefore } from './time'

/** A customer's standing in one program, as `loyaltyDetails` shows it. */
export async function loyaltyDetail(
  stores: Pick<Stores, 'accounts' | 'members' | 'tiers'>,
  tenant: Tenant,
  member: Pick<Member, 'id'>,
  program: Program,
): Promise<Writable> {
  const [statement, [membership], periods] = await Promise.all([
    statementOf(stores.accounts, tenant, walletOf(tenant, member.id, program)),
    stores.members.memberships(tenant.id, [member.id], program.id),
    periodFigures(stores, tenant, program, [member.id]),
  ])
  const period = periods.get(member.id) ?? null
  const tier = program.tiers.find(({ id }) => id === membership?.tierId) ?? null
  const spend = membership?.spend ?? ZERO_AMOUNT
  const next = progressToNextTier(program.tiers, tier, {
    lifetime: statement?.lifetime ?? ZERO_POINTS,
    spend,
    period,
  })?.next
  return {
    ...programOf(program),
    ...pointsOf(statement),
    cumulativePurchases: amountNumber(spend),
    currentSlab: tier?.name ?? 'NONE',
    slabSNo: tier?.rank ?? 0,
    ...(period?.next && {
      slabExpiryDate: formatMoment(lastSecondBefore(period.next.at), tenant.setup.timeZone),
    }),
    ...(next && { nextSlab: next.name, nextSlabDescription: next.name }),
    nextSlabSerialNumber: next?.rank ?? -1,
    linkedPartnerPrograms: [],
  }
}

const programOf = ({ id, title, pointsToCurrency }: Program) => ({
  programId: idNumber(id),
  programTitle: title,
  programDescription: title,
  ...(pointsToCurrency && { programPointsToCurrencyRatio: new JsonNumber(pointsToCurrency.toFixed()) }),
})

function pointsOf(statement: AccountStatement | null) {
  const figure = (points: Points = ZERO_POINTS) => pointsNumber(points)
  return {
    ...(statement && { loyaltyId: idNumber(statement.accountId) }),
    loyaltyPoints: figure(statement?.available),
    lifetimePoints: figure(statement?.lifetime),
    redeemed: figure(statement?.redeemed),
    expired: figure(statement?.expired),
    returned: figure(statement?.reversed),
    adjusted: figure(),
    delayedPoints: figure(statement?.pending),
    delayedReturnedPoints: figure(),
    totalAvailablePoints: figure(statement ? sumPoints([statement.available, statement.pending]) : undefined),
    totalReturnedPoints: figure(statement?.reversed),
  }
}
