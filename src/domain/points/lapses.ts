import { DateTime } from 'luxon'
import type { Instant } from '../shared/instant'
import { type Points, sumPoints } from '../shared/points'

/** What lapses at one moment, whether it has happened or will. */
export interface Lapse {
  readonly at: Instant
  /** Of the points that lapse then: what is left to lapse, and what has lapsed. */
  readonly toLapse: Points
  readonly lapsed: Points
}

export const LAPSE_BLOCKS = ['week', 'month', 'quarter', 'year'] as const
export type LapseBlockKind = (typeof LAPSE_BLOCKS)[number]

/** The lapses of one week, month, quarter or year. */
export interface LapseBlock {
  readonly start: DateTime
  /** The first of its lapses. */
  readonly firstAt: Instant
  readonly toLapse: Points
  readonly lapsed: Points
}

/** Blocks that have a lapse, in the order of time; weeks start on Monday, calendars are the zone's. Pure. */
export function blocksOf(
  lapses: readonly Lapse[],
  kind: LapseBlockKind,
  zone: string,
): readonly LapseBlock[] {
  const blocks = new Map<number, { start: DateTime; lapses: Lapse[] }>()
  for (const lapse of lapses) {
    const start = DateTime.fromISO(lapse.at, { zone }).startOf(kind)
    const block = blocks.get(start.toMillis()) ?? { start, lapses: [] }
    block.lapses.push(lapse)
    blocks.set(start.toMillis(), block)
  }
  return [...blocks.values()]
    .sort((a, b) => a.start.toMillis() - b.start.toMillis())
    .map(({ start, lapses: inBlock }) => ({
      start,
      firstAt: inBlock.reduce((first, { at }) => (at < first ? at : first), (inBlock[0] as Lapse).at),
      toLapse: sumPoints(inBlock.map(({ toLapse }) => toLapse)),
      lapsed: sumPoints(inBlock.map(({ lapsed }) => lapsed)),
    }))
}
