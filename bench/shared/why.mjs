// Why a bar is missed, as far as a profile has shown it: stands on the page beside the figure, and only when it is missed.
const CAUSES = [
  [
    /graph|peers/,
    /^small: /,
    'sockets and HTTP of Node are most of a small answer; ours signs the caller in, limits and counts besides, the others do not',
  ],
  [
    /annex/,
    /^POST /,
    'one Node process reads, signs, checks and answers what the verb leaves out, close to a millisecond of its one thread',
  ],
  [
    /capillary/,
    /^POST /,
    'one Node process reads ten lines, plans them and answers what the verb leaves out; two statements of PostgreSQL',
  ],
  [
    /capillary/,
    /^bulk of 50/,
    'PostgreSQL writes ten lines, lots and sources a sale and checks four foreign keys for each: 0.9 ms a sale, however many share a statement',
  ],
  [
    /capillary/,
    /^GET \/v2\/earning/,
    'the same one statement, and then an answer made object by object where the bare side passes rows on',
  ],
  [
    /ledger/,
    /^award, bulk of 50/,
    'PostgreSQL writes five rows an item and checks six foreign keys for them, however many share a commit',
  ],
]

export const whyMissed = (bench, name) =>
  CAUSES.find(([of, pattern]) => of.test(bench) && pattern.test(name))?.[2] ?? 'no profile has shown why yet'
