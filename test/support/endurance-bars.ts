/** How hard the server is tried: as much as fits into `npm test`, or the full bars of `npm run test:endurance`. */
export interface Bars {
  readonly full: boolean
  readonly seconds: number
  /** Of the peak without overload. */
  readonly goodput: number
  /** Within which nearly all answers of a kind come, in milliseconds. */
  readonly acceptedMs: number
  readonly refusalMs: number
  readonly healthMs: number
  readonly stops: number
  readonly databaseKills: number
  /** Up and down again under load, so many times. */
  readonly migrations: number
  /** In a journal that is dumped and restored. */
  readonly entries: number
}

// In `npm test` other files are busy beside it, on the same cores: what it measures then is that nothing breaks.
const FITTING: Bars = {
  full: false,
  seconds: 2,
  goodput: 0.3,
  acceptedMs: 5_000,
  refusalMs: 3_000,
  healthMs: 1_000,
  stops: 1,
  databaseKills: 1,
  migrations: 2,
  entries: 1_000,
}

const FULL: Bars = {
  full: true,
  seconds: 20,
  goodput: 0.8,
  acceptedMs: 1_000,
  refusalMs: 100,
  healthMs: 50,
  stops: 20,
  databaseKills: 5,
  migrations: 5,
  entries: 100_000,
}

/** Set by jest.endurance.config.cjs. */
export const bars = (): Bars =>
  (globalThis as { ENDURANCE_BARS?: string }).ENDURANCE_BARS === 'full' ? FULL : FITTING
