import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Exchange } from '../support/exchange-recorder'
import { type VendorName, VENDORS } from '../support/pinned-contract'
import { type Passed, readExchanges } from './evidence'
import { type Inputs, isGreen, type Known, matrixOf } from './matrix'
import { casesOf, openOf, pageOf, summaryOf } from './report'

const ROOT = join(__dirname, '../..')
const MARKS = ['<!-- parity: written by npm run parity -->', '<!-- /parity -->'] as const

/** Where a run's exchanges are, and Jest's account of it (`--json`). */
export interface Run {
  readonly exchanges: string
  readonly results: string
}

interface Outcome {
  readonly summary: readonly string[]
  readonly green: boolean
}

/** Writes the matrix of a run to docs/parity.md, its summary to the README, its cases beside the run. */
export function writeParity(run: Run): Outcome {
  const inputs = inputsOf(run)
  const matrices = VENDORS.map((vendor) => matrixOf(vendor, inputs))
  const summary = matrices.map(summaryOf)
  writeFileSync(join(ROOT, 'docs/parity.md'), pageOf(matrices))
  mkdirSync(dirname(run.results), { recursive: true })
  writeFileSync(join(dirname(run.results), 'cases.md'), casesOf(matrices))
  writeSummary(summary)
  return { summary, green: matrices.every(isGreen) }
}

/** What the run of one door's tests leaves open, to read while working on it; the page is written from a whole run only. */
export function printParity(vendor: VendorName, run: Run): Outcome {
  const matrix = matrixOf(vendor, inputsOf(run))
  writeFileSync(join(dirname(run.results), 'cases.md'), casesOf([matrix]))
  return { summary: [...openOf(matrix), summaryOf(matrix)], green: isGreen(matrix) }
}

const inputsOf = ({ exchanges, results }: Run): Inputs => ({
  exchanges: readExchanges(exchanges),
  passed: passedIn(results),
  known: JSON.parse(readFileSync(join(__dirname, 'known.json'), 'utf8')) as Known[],
})

interface Results {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** What happens around the cases of a file proves something only when all of them passed. */
function passedIn(file: string): Passed {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Results
  const files = new Map(
    testResults.map(({ name, status, assertionResults }) => [
      relative(ROOT, name),
      {
        whole: status === 'passed',
        cases: new Set(assertionResults.flatMap((one) => (one.status === 'passed' ? [one.fullName] : []))),
      },
    ]),
  )
  return ({ file: name, test }: Exchange) => {
    const results = files.get(name)
    const short = name.replace(/^test\/(contract\/)?|\.test\.ts$/g, '')
    if (test === null) return results?.whole ? `${short} › around its cases` : null
    return results?.cases.has(test) ? `${short} › ${test}` : null
  }
}

function writeSummary(lines: readonly string[]): void {
  const file = join(ROOT, 'README.md')
  const text = readFileSync(file, 'utf8')
  const [open, close] = MARKS
  if (!text.includes(open) || !text.includes(close))
    throw new Error(`README.md has lost its marks ${MARKS.join(' … ')}`)
  const before = text.slice(0, text.indexOf(open) + open.length)
  const after = text.slice(text.indexOf(close))
  writeFileSync(file, `${before}\n${lines.map((line) => `- ${line}`).join('\n')}\n${after}`)
}
