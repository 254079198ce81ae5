/** docs/benchmarks.md, from the lines of one run; what was not run keeps the section that an earlier run wrote. */
import { whyMissed } from './why.mjs'

export function benchmarksPage({ how, benches, ran, entries, earlier }) {
  const sections = benches.flatMap((bench) =>
    ran.includes(bench)
      ? [
          section(
            bench,
            how,
            entries.filter((entry) => entry.bench === bench),
          ),
        ]
      : keptOf(earlier, bench),
  )
  const count = (verdict) => sections.join('\n').split(`| ${verdict} |`).length - 1
  const [met, missed] = [count('met'), count('MISSED')]
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`: interleaved rounds, medians. Figures are ratios to what stands after the slash, measured in the',
    'same minute, unless a unit says otherwise. Bars are those of the design; a missed one stays here as it is, with its cause.',
    '',
    `${met} of ${met + missed} bars met.`,
    ...sections.flatMap((text) => ['', text]),
    '',
  ].join('\n')
}

function section(bench, how, entries) {
  const lines = entries.filter(({ name }) => name !== undefined)
  const notes = entries.flatMap(({ note }) => (note === undefined ? [] : [note]))
  const missed = lines.filter(({ verdict }) => verdict === 'MISSED')
  return [
    `## ${bench}`,
    '',
    `${how}.`,
    ...notes.flatMap((note) => ['', note]),
    ...(lines.length > 0 ? ['', '| measured | figure | bar | |', '| --- | ---: | --- | --- |'] : []),
    ...lines.map(({ name, value, bar, verdict }) => `| ${name} | ${value} | ${bar} | ${verdict} |`),
    ...(missed.length > 0 ? [''] : []),
    ...missed.map(({ name }) => `- ${name}: ${whyMissed(bench, name)}`),
  ].join('\n')
}

/** The section of a bench on a page; none when it has none. */
function keptOf(page, bench) {
  const kept = page.split(/^(?=## )/m).find((text) => text.startsWith(`## ${bench}\n`))
  return kept === undefined ? [] : [kept.trimEnd()]
}
