// Why a bar is missed, as far as a profile has shown it: stands on the page beside the figure, and only when it is missed.
const CAUSES = [
  ['graph', /^small: /, "Apollo Server's request pipeline, a good quarter of a small answer's cost"],
  [
    'peers',
    /^small: /,
    "Apollo Server's request pipeline, a good quarter of a small answer's cost; the peers have none",
  ],
  [
    'annex',
    /^POST /,
    'the purchase is booked in a second statement beside the verb, in the same transaction',
  ],
  ['capillary', /^bulk of 50/, 'each item of a bulk is a transaction of its own'],
  ['capillary', /^GET \/v2\/earning/, 'the answer takes several statements, where the bare one takes one'],
]

export const whyMissed = (bench, name) =>
  CAUSES.find(([of, pattern]) => of === bench && pattern.test(name))?.[2] ?? 'no profile has shown why yet'
