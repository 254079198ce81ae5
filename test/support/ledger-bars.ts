/** How much the ledger is tried: as much as fits into `npm test`, or the full bars of `npm run test:ledger`. */
export interface Bars {
  readonly model: { readonly runs: number; readonly operations: number }
  /** Groups of neighbors in each run, in bulks of 20. */
  readonly bulks: { readonly runs: number; readonly groups: number }
  readonly concurrent: {
    readonly workers: number
    readonly operations: number
    readonly wallets: readonly number[]
  }
  readonly twins: { readonly keys: number; readonly each: number }
  readonly kills: number
  readonly faults: number
  readonly jobs: number
  /** How many times as long jobs may take when workers die; a turn of a few jobs is as long as one death. */
  readonly drain: number
  readonly bulkItems: number
  /** Lives of members under each rule of tiers. */
  readonly lives: number
  /** Of a journal that is loaded before its statements are looked at. */
  readonly entries: number
  /** Nothing else is at work on the same server meanwhile. */
  readonly alone: boolean
}

const FITTING: Bars = {
  model: { runs: 40, operations: 80 },
  bulks: { runs: 20, groups: 40 },
  concurrent: { workers: 8, operations: 60, wallets: [20, 3] },
  twins: { keys: 40, each: 8 },
  kills: 1,
  faults: 4,
  jobs: 300,
  drain: 6,
  bulkItems: 400,
  lives: 3,
  entries: 50_000,
  alone: false,
}

const FULL: Bars = {
  model: { runs: 100, operations: 500 },
  bulks: { runs: 60, groups: 150 },
  concurrent: { workers: 8, operations: 2_500, wallets: [20, 3] },
  twins: { keys: 300, each: 8 },
  kills: 10,
  faults: 40,
  jobs: 10_000,
  drain: 2,
  bulkItems: 1_000,
  lives: 40,
  entries: 1_000_000,
  alone: true,
}

/** Set by jest.ledger.config.cjs. */
export const bars = (): Bars =>
  (globalThis as { LEDGER_BARS?: string }).LEDGER_BARS === 'full' ? FULL : FITTING
