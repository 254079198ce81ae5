import type { Instant } from './instant'

/** A request for the first rows after a position; the position is what a cursor carries, opaque to the domain's callers. */
export interface PageRequest {
  /** 1 to 100. */
  readonly first: number
  readonly after: string | null
}

/** Only what lies in a span of time; null on either side: open. */
export interface Period {
  /** The first moment that is in. */
  readonly from: Instant | null
  /** The first moment that is not. */
  readonly until: Instant | null
}

/** Rows in order, and whether more follow. Each row can say its own position through the store's `positionOf`. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNext: boolean
}
