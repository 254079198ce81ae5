/** docs/benchmarks.md, from the lines of one run. */
export function benchmarksPage({ machine, benches, entries }) {
  const judged = entries.filter(({ verdict }) => verdict === 'met' || verdict === 'MISSED')
  const missed = judged.filter(({ verdict }) => verdict === 'MISSED')
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`: one run, interleaved rounds, medians. Figures are ratios to what stands after the slash,',
    'measured in the same minute, unless a unit says otherwise. Bars are those of the design; a missed one stays here as it is.',
    '',
    `Machine: ${machine}. ${judged.length - missed.length} of ${judged.length} bars met.`,
    ...benches.flatMap((bench) =>
      section(
        bench,
        entries.filter((entry) => entry.bench === bench),
      ),
    ),
    '',
  ].join('\n')
}

function section(bench, entries) {
  const lines = entries.filter(({ name }) => name !== undefined)
  const notes = entries.flatMap(({ note }) => (note === undefined ? [] : [note]))
  return [
    '',
    `## ${bench}`,
    ...notes.flatMap((note) => ['', note]),
    ...(lines.length > 0 ? ['', '| measured | figure | bar | |', '| --- | ---: | --- | --- |'] : []),
    ...lines.map(({ name, value, bar, verdict }) => `| ${name} | ${value} | ${bar} | ${verdict} |`),
  ]
}
