// What a bench says: one line a figure, printed, and in a whole run kept for docs/benchmarks.md.
import { appendFileSync } from 'node:fs'

/** How a bench ends that ran to its end and missed a bar; one that breaks ends otherwise. */
export const MISSED = 3

/**
 * The report of one bench. `line` prints `name  value  bar  verdict`; a missed bar makes the process fail. Values are
 * ratios of medians of one run, because the machine's own noise is larger than most differences between two runs;
 * whatever else they are is said by `unit`.
 */
export function report(bench) {
  const say = (entry, text) => {
    console.log(text)
    const { BENCH_RESULTS } = process.env
    if (BENCH_RESULTS) appendFileSync(BENCH_RESULTS, `${JSON.stringify({ bench, ...entry })}\n`)
  }
  return {
    /** A figure, with the least or the most that it should be, if anything. */
    line: (name, value, { atLeast, atMost, unit = '' } = {}) => {
      const verdict = verdictOf(value, atLeast, atMost)
      if (verdict === 'MISSED') process.exitCode = MISSED
      const shown = `${rounded(value)}${unit && ` ${unit}`}`
      const bar = barOf(atLeast, atMost)
      say({ name, value: shown, bar, verdict }, row(name, shown, bar, verdict))
    },
    /** What this machine cannot measure, and why. */
    leftOut: (name, why) => say({ name, value: '–', bar: '', verdict: why }, row(name, '–', '', why)),
    /** A sentence about the run. */
    note: (text) => say({ note: text }, text),
  }
}

function verdictOf(value, atLeast, atMost) {
  if (atLeast === undefined && atMost === undefined) return ''
  // A figure that could not be taken meets no bar.
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) ? 'met' : 'MISSED'
}

const barOf = (atLeast, atMost) => {
  if (atLeast !== undefined) return `≥ ${rounded(atLeast)}`
  return atMost === undefined ? '' : `≤ ${rounded(atMost)}`
}

const row = (name, value, bar, verdict) =>
  `${name.padEnd(72)} ${value.padStart(9)}   ${bar.padEnd(8)} ${verdict}`.trimEnd()

/** Two decimals where they say something. */
export const rounded = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2))
