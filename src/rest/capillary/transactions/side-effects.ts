import type { Tenant } from '../../../domain/programs/tenant'
import { type Instant, millisOf } from '../../../domain/shared/instant'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import type { RecordedBill } from '../../../domain/transactions/record-transaction'
import type { Writable } from '../../shared/json'
import { idNumber, pointsNumber } from '../numbers'
import { formatDay } from '../time'

/** One entry per kind of reward, of what was awarded less what was taken back; none when that is nothing (section 14). */
export function sideEffects({ transaction, member, currencies = [] }: RecordedBill): Writable[] {
  if (!member) return []
  const entityType = entityTypeOf(transaction)
  const customerId = idNumber(member.id)
  const points =
    transaction.points === ZERO_POINTS
      ? []
      : [
          {
            entityType,
            customerId,
            rawAwardedPoints: pointsNumber(transaction.rawPoints),
            awardedPoints: pointsNumber(transaction.points),
            type: 'points',
          },
        ]
  const others = currencies
    .filter((effect) => effect.points !== ZERO_POINTS)
    .map((effect) => ({
      entityType,
      customerId,
      rawAwardedValue: pointsNumber(effect.raw),
      alternateCurrencyIdentifier: effect.identifier,
      alternateCurrencyName: effect.name,
      awardedValue: pointsNumber(effect.points),
      type: 'alternate_currency',
    }))
  return [...points, ...others]
}

const entityTypeOf = ({ groupId }: RecordedBill['transaction']): string =>
  groupId === null ? 'USER' : 'USERGROUP2'

/**
 * Each single award, also of nothing, as texts: absent numbers are the text `null`, and `-1` stands for no line,
 * promotion or tender. Our rules have no strategies or rule sets, so those are absent.
 */
export function rawSideEffects(recorded: RecordedBill, tenant: Tenant): Writable[] {
  const { transaction, member, award, currencies = [] } = recorded
  // What comes back was never awarded by this transaction.
  const isRun = transaction.noPointsReason !== 'SKIPPED' && !recorded.isQueued
  if (transaction.type !== 'REGULAR' || !member || !isRun) return []
  const sold = recorded.lines.filter(({ isReturn }) => !isReturn)
  const points = awardsOf(recorded, {
    total: award?.movement.moved ?? ZERO_POINTS,
    byLine: sold.map((line) => line.points),
  }).map((one) => ({ ...commonOf(recorded, member, tenant, award?.expiresAt ?? null), ...one }))
  const others = currencies.flatMap(({ identifier, name, earned, expiresAt }) =>
    earned === null
      ? []
      : awardsOf(recorded, {
          total: earned.awarded,
          byLine: sold.map(({ lineNo }) => earned.lines[lineNo - 1] ?? ZERO_POINTS),
        }).map((one) => ({
          ...commonOf(recorded, member, tenant, expiresAt),
          ...one,
          pointTypeName: `${name}_REGULAR`,
          alternateCurrencyIdentifier: identifier,
          alternateCurrencyName: name,
        })),
  )
  return [...points, ...others]
}

/** What each award has in common: whose it is, of which bill, and until when it is good. */
function commonOf(
  { transaction, program }: RecordedBill,
  member: NonNullable<RecordedBill['member']>,
  tenant: Tenant,
  expiresAt: Instant | null,
) {
  const zone = tenant.setup.timeZone
  return {
    awardStrategyId: 'null',
    awardedOn: formatDay(tenant.time.now, zone),
    awardedOnMillis: String(millisOf(tenant.time.now)),
    billNumber: transaction.billNumber,
    customerId: member.id,
    evaluatedEntity: entityTypeOf(transaction),
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
}

/** One for each line that was sold where lines earn, else one for the bill. */
function awardsOf(
  { transaction, program, lines }: RecordedBill,
  awarded: { readonly total: Points; readonly byLine: readonly Points[] },
) {
  const sold = lines.filter(({ isReturn }) => !isReturn)
  const byLine = (program.transactions?.basis ?? 'line-net') === 'line-net' && sold.length > 0
  const awards = byLine
    ? sold.map(({ id, quantity, amount }, index) => ({
        lineId: id,
        points: awarded.byLine[index] ?? ZERO_POINTS,
        quantity,
        value: amount,
      }))
    : [{ lineId: '-1', points: awarded.total, quantity: 'null', value: transaction.amount }]
  return awards.map(({ lineId, points, quantity, value }) => ({
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
