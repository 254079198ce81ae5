import type { SourceAward } from '../../../domain/points/source-awards'
import type { Program } from '../../../domain/programs/program'
import type { Tenant } from '../../../domain/programs/tenant'
import { millisOf } from '../../../domain/shared/instant'
import { type Points, ZERO_POINTS } from '../../../domain/shared/points'
import type { Amount } from '../../../domain/shared/money'
import type { Transaction, TransactionLine } from '../../../domain/transactions/transaction'
import type { Writable } from '../../shared/json'
import { amountNumber, idNumber, pointsNumber } from '../numbers'
import { formatMoment } from '../time'

/** What GET earning adds to a transaction: on the bill, and on each line. */
export interface EarningShown {
  readonly bill: Writable
  readonly line: (line: TransactionLine) => Writable
}

/**
 * What became of a sale's points, for every program of the organization (section 17): issued points are available,
 * redeemed, expired or returned. Points that have lapsed count as expired, whether or not the books say so yet. Pure.
 */
export function earningShown(
  { memberId, groupId, amount }: Transaction,
  awards: readonly SourceAward[],
  tenant: Tenant,
): EarningShown {
  const entity =
    groupId === null
      ? { entityId: idNumber(memberId ?? '0'), entityType: 'customer' }
      : { entityId: idNumber(groupId), entityType: 'USERGROUP2' }
  const points = (lineRef: string, value: Amount) =>
    tenant.setup.programs.map((program) =>
      programPoints(
        program,
        awards.filter((award) => award.programId === program.id && award.lineRef === lineRef),
        { tenant, value, isLine: lineRef !== '' },
      ),
    )
  return {
    bill: { ...entity, billPoints: points('', amount) },
    line: (line) => ({ ...entity, lineItemPoints: points(String(line.lineNo), line.amount) }),
  }
}

interface Shown {
  readonly tenant: Tenant
  readonly value: Amount
  readonly isLine: boolean
}

function programPoints({ id }: Program, awards: readonly SourceAward[], shown: Shown): Writable {
  const states = awards.map((award) => stateOf(award, shown.tenant))
  const total = (figure: keyof PointsState) => {
    let sum = 0n
    for (const state of states) sum += state[figure]
    return sum === 0n ? NOTHING : pointsNumber(sum as Points)
  }
  return {
    programId: idNumber(id),
    currentPointsSummary: {
      availablePoints: total('available'),
      expiredPoints: total('expired'),
      redeemedPoints: total('redeemed'),
      promisedPoints: total('promised'),
      returnedPromisedPoints: total('returnedPromised'),
      returnedPoints: total('returned'),
      promisedPointsConverted: 0,
    },
    issuedPointsSummary: {
      redeemablePointsIssued: total('issued'),
      promisedPointsIssued: total('issuedPromised'),
    },
    currentPointsBreakup: { regularPointsInfo: regularPoints(awards, shown), promotionalPointsInfo: null },
  }
}

const NOTHING = pointsNumber(ZERO_POINTS)

interface PointsState {
  readonly issued: Points
  readonly issuedPromised: Points
  readonly available: Points
  readonly promised: Points
  readonly redeemed: Points
  readonly expired: Points
  readonly returned: Points
  readonly returnedPromised: Points
}

function stateOf({ awarded, lot }: SourceAward, tenant: Tenant): PointsState {
  const none = ZERO_POINTS
  if (!lot.matured)
    return {
      issued: none,
      issuedPromised: awarded,
      available: none,
      promised: lot.remaining,
      redeemed: lot.used,
      expired: lot.expired,
      returned: none,
      returnedPromised: lot.reversed,
    }
  const available = availableOf(lot, tenant)
  return {
    issued: awarded,
    issuedPromised: none,
    available,
    promised: none,
    redeemed: lot.used,
    expired: (lot.expired + lot.remaining - available) as Points,
    returned: lot.reversed,
    returnedPromised: none,
  }
}

function availableOf({ matured, remaining, expiresAt }: SourceAward['lot'], { time }: Tenant): Points {
  const hasLapsed = expiresAt !== null && millisOf(expiresAt) <= millisOf(time.now)
  return matured && !hasLapsed ? remaining : ZERO_POINTS
}

/** Null where nothing is there, never an empty object. */
function regularPoints(awards: readonly SourceAward[], shown: Shown): Writable {
  const available = awards.filter(({ lot }) => availableOf(lot, shown.tenant) > 0n)
  const promised = awards.filter(({ lot }) => !lot.matured && lot.remaining > 0n)
  if (available.length + promised.length === 0) return null
  return { availablePointsInfo: infoOf(available, shown), promisedPointsInfo: infoOf(promised, shown) }
}

function infoOf(awards: readonly SourceAward[], { tenant, value, isLine }: Shown): Writable {
  if (awards.length === 0) return null
  return awards.map(({ lot: { remaining, expiresAt } }) => ({
    points: pointsNumber(remaining),
    ...(expiresAt && { expiryDate: formatMoment(expiresAt, tenant.setup.timeZone) }),
    expiryType: 'rolling',
    actionSourceDetails: [
      {
        // Our rules have no numbers of their own.
        actionId: -1,
        sourceType: isLine ? 'lineItem' : 'bill',
        actionType: 'BILL_POINTS_ACTION',
        actionPointsDetail: [
          { points: pointsNumber(remaining), sourceValue: amountNumber(value), sourceIdentifiers: [] },
        ],
      },
    ],
  }))
}
