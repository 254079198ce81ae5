import { percentile } from './load'

const median = (values: readonly number[]): number => percentile(values, 50)

/**
 * By how many percent the last third of a run stands above its first: the medians of the two. A third half of whose windows
 * were disturbed still shows what the others say.
 */
export function driftPercent(windows: readonly number[]): number {
  const third = Math.floor(windows.length / 3)
  return (median(windows.slice(-third)) / median(windows.slice(0, third)) - 1) * 100
}

/** The same after what else the machine did is taken out: each window by the control that was measured within it. */
export const driftBesideControl = (windows: readonly number[], controls: readonly number[]): number =>
  driftPercent(windows.map((value, at) => value / controls[at]!))
