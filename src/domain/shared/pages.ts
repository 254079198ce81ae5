/** A request for the first rows after a position; the position is what a cursor carries, opaque to the domain's callers. */
export interface PageRequest {
  /** 1 to 100. */
  readonly first: number
  readonly after: string | null
}

/** Rows in order, and whether more follow. Each row can say its own position through the store's `positionOf`. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNext: boolean
}
