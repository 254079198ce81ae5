import type { Tenant } from '../../../domain/programs/tenant'
import { millisOf } from '../../../domain/shared/instant'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import type { RecordedBill } from '../../../domain/transactions/record-transaction'
import type { Writable } from '../../shared/json'
import { idNumber, pointsNumber } from '../numbers'
import { formatDay } from '../time'

/** One entry per kind of reward, of what was awarded less what was taken back; none when that is nothing (section 14). */
export function sideEffects({ transaction, member }: RecordedBill): Writable[] {
  if (transaction.points === ZERO_POINTS || !member) return []
  return [
    {
      entityType: transaction.groupId === null ? 'USER' : 'USERGROUP2',
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
export function rawSideEffects(recorded: RecordedBill, tenant: Tenant): Writable[] {
  const { transaction, program, award, member } = recorded
  const lines = recorded.lines.filter(({ isReturn }) => !isReturn)
  // What comes back was never awarded by this transaction.
  const isRun = transaction.noPointsReason !== 'SKIPPED' && !recorded.isQueued
  if (transaction.type !== 'REGULAR' || !member || !isRun) return []
  const byLine = program.transactions?.basis === 'line-net' && lines.length > 0
  const awards = byLine
    ? lines.map(({ id, points, quantity, amount }) => ({ lineId: id, points, quantity, value: amount }))
    : [
        {
          lineId: '-1',
          points: award?.movement.moved ?? ZERO_POINTS,
          quantity: 'null',
          value: transaction.amount,
        },
      ]
  const zone = tenant.setup.timeZone
  const expiresAt = award?.expiresAt ?? null
  const common = {
    awardStrategyId: 'null',
    awardedOn: formatDay(tenant.time.now, zone),
    awardedOnMillis: String(millisOf(tenant.time.now)),
    billNumber: transaction.billNumber,
    customerId: member.id,
    evaluatedEntity: transaction.groupId === null ? 'USER' : 'USERGROUP2',
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
