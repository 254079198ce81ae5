import type { AccountStatement } from '../../../domain/points/ledger'
import type { OpenLot } from '../../../domain/points/lots'
import type { Program } from '../../../domain/programs/program'
import type { Instant } from '../../../domain/shared/instant'
import { type Points, sumPoints, ZERO_POINTS } from '../../../domain/shared/points'
import type { Writable } from '../../shared/json'
import { idNumber, pointsNumber } from '../numbers'
import { daysIn } from '../time'

/** `PointsBalanceResponse` without its entity: sums over the programs that were asked about. Pure. */
export function toBalance(
  statements: readonly (AccountStatement | null)[],
): Readonly<Record<string, Writable>> {
  const sum = (of: (statement: AccountStatement) => Points): Points =>
    sumPoints(statements.map((statement) => (statement ? of(statement) : ZERO_POINTS)))
  const [main, promised] = [sum(({ available }) => available), sum(({ pending }) => pending)]
  return {
    totalPoints: pointsNumber(sumPoints([main, promised])),
    mainPoints: pointsNumber(main),
    promisedPoints: pointsNumber(promised),
    promisedPointsBreakup: {
      delayedAccrualPoints: pointsNumber(promised),
      externalTriggerBasedPoints: 0,
    },
  }
}

/** Lots of one program. */
export interface ProgramLots {
  readonly program: Program
  readonly lots: readonly OpenLot[]
}

/** From one day to another, both included, as `yyyy-MM-dd`; null does not bind. */
export interface Days {
  readonly from: string | null
  readonly until: string | null
}

/** What expires when: one row per day, program and kind, ascending by date. Points that never expire are not in it. Pure. */
export function toExpirySchedules(
  programs: readonly ProgramLots[],
  { from, until }: Days,
  earliestOnly: boolean,
  zone: string,
): readonly Writable[] {
  const rows = grouped(programs, ({ expiresAt }) => expiresAt, zone).filter(
    ({ day }) => (from === null || day >= from) && (until === null || day <= until),
  )
  return (earliestOnly ? firstOfEach(rows) : rows).map(({ points, day, programId, pointsType }) => ({
    points: pointsNumber(points),
    expiryDate: day,
    programId: idNumber(programId),
    pointsType,
    expiryType: 'fixed',
  }))
}

/** What becomes redeemable when, ascending by date; not what waits for somebody to say when. Pure. */
export const toPromisedSchedule = (programs: readonly ProgramLots[], zone: string): readonly Writable[] =>
  grouped(programs, ({ maturesAt }) => (maturesAt === 'unknown' ? null : maturesAt), zone).map(
    ({ points, day, programId, pointsType }) => ({
      points: pointsNumber(points),
      redeemableFrom: day,
      programId: idNumber(programId),
      pointsType,
    }),
  )

interface ScheduleRow {
  readonly day: string
  readonly programId: string
  readonly pointsType: string
  readonly points: Points
}

function grouped(
  programs: readonly ProgramLots[],
  momentOf: (lot: OpenLot) => Instant | null,
  zone: string,
): readonly ScheduleRow[] {
  const rows = new Map<string, ScheduleRow>()
  const dayOf = daysIn(zone)
  for (const { program, lots } of programs) {
    for (const lot of lots) {
      const moment = momentOf(lot)
      if (moment === null) continue
      const row = { day: dayOf(moment), programId: program.id, pointsType: pointsTypeOf(lot) }
      const key = Object.values(row).join(' ')
      rows.set(key, { ...row, points: sumPoints([rows.get(key)?.points ?? ZERO_POINTS, lot.points]) })
    }
  }
  return [...rows.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

const firstOfEach = (rows: readonly ScheduleRow[]): readonly ScheduleRow[] =>
  rows.filter(
    (row, index) =>
      rows.findIndex(
        ({ programId, pointsType }) => programId === row.programId && pointsType === row.pointsType,
      ) === index,
  )

/** Points of a purchase are of its bill or of its lines; all others were given to the customer. */
function pointsTypeOf({ source }: OpenLot): string {
  if (source?.type !== 'TRANSACTION') return 'customer_promotions'
  return source.lineRef === '' ? 'bill_regular' : 'line_item_regular'
}
