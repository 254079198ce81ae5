import type { Tenant } from '../../../domain/programs/tenant'
import { millisOf } from '../../../domain/shared/instant'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import type { RecordedTransaction } from '../../../domain/transactions/record-transaction'
import type { Writable } from '../../shared/json'
import { idNumber, pointsNumber } from '../numbers'
import { formatDay } from '../time'

/** One entry per kind of reward, none when nothing was awarded (section 14). */
export function sideEffects({ transaction, member }: RecordedTransaction): Writable[] {
  if (transaction.points === ZERO_POINTS) return []
  return [
    {
      entityType: 'USER',
      customerId: idNumber(member.id),
      rawAwardedPoints: pointsNumber(transaction.rawPoints),
      awardedPoints: pointsNumber(transaction.points),
      type: 'points',
    },
  ]
}

/**
 * Each single award, also of nothing, as texts: absent numbers are the text `null`, and `-1` stands for no line,
 * promotion or tender. Our rules have no strategies or rule sets, so those are absent.
 */
export function rawSideEffects(recorded: RecordedTransaction, tenant: Tenant): Writable[] {
  const { transaction, lines, program, award } = recorded
  if (transaction.noPointsReason === 'SKIPPED') return []
  const byLine = program.transactions?.basis === 'line-net' && lines.length > 0
  const awards = byLine
    ? lines.map(({ id, points, quantity, amount }) => ({ lineId: id, points, quantity, value: amount }))
    : [{ lineId: '-1', points: transaction.points, quantity: 'null', value: transaction.amount }]
  const zone = tenant.setup.timeZone
  const expiresAt = award?.expiresAt ?? null
  const common = {
    awardStrategyId: 'null',
    awardedOn: formatDay(tenant.time.now, zone),
    awardedOnMillis: String(millisOf(tenant.time.now)),
    billNumber: transaction.billNumber,
    customerId: recorded.member.id,
    evaluatedEntity: 'USER',
    expiryDate: expiresAt ? formatDay(expiresAt, zone) : 'null',
    expiryDateMillis: expiresAt ? String(millisOf(expiresAt)) : 'null',
    expiryStrategyId: 'null',
    isDefaultProgram: String(program.isDefault),
    isReferrer: 'false',
    pointTypeId: 'null',
    pointTypeIsRedeemable: 'true',
    pointTypeName: 'Main',
    programId: program.id,
    promoId: '-1',
    promoIdentifier: '',
    promoName: '',
    ruleId: 'null',
    ruleSetId: 'null',
    sourceId: transaction.id,
    sourceType: 'Bill',
    tenderCodeId: '-1',
    type: 'AWARD',
  }
  return awards.map(({ lineId, points, quantity, value }) => ({
    ...common,
    awardOn: byLine ? 'BILL_LINEITEM' : 'BILL',
    lineItemId: lineId,
    points: threePlaces(points),
    pointsBeforeCapping: threePlaces(points),
    initialQuantity: quantity,
    quantity,
    initialSourceValue: value,
    sourceValue: value,
  }))
}

/** `1500.000` */
function threePlaces(points: Points): string {
  const [whole = '0', fraction = ''] = formatPoints(points).split('.')
  return `${whole}.${fraction.padEnd(3, '0')}`
}
