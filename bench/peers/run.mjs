// `npm run bench -- peers`: the unified graph beside other GraphQL servers, each on the same tables and tuned as its
// documentation says.
import { ratesOf, withArena } from '../graph/arena.mjs'
import { report } from '../shared/report.mjs'

const { line } = report('peers')
const NAMES = {
  mercurius: 'Mercurius with JIT',
  yoga: 'GraphQL Yoga with graphql-jit',
  postgraphile: 'PostGraphile 5, on Node 22',
}
// "Level" is what two runs of one server differ by here.
const BARS = { big: 1, small: 0.95 }

await withArena(Object.keys(NAMES), async (servers) => {
  for (const [size, bar] of Object.entries(BARS)) {
    const rates = await ratesOf(servers, size, { millis: Number(process.env.ROUND_MILLIS ?? 1500) })
    for (const [peer, text] of Object.entries(NAMES))
      line(`${size}: graph / ${text}`, rates.graph / rates[peer], { atLeast: bar })
  }
})
