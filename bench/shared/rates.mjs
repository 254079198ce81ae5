// How rates are taken: in interleaved rounds, so that what else the machine does falls on all alike.
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Work done a second, by cell: the median of some rounds, in each of which every cell has its turn. A cell is
 * `(millis) => rate`; each warms up first, because Node compiles what is hot and connections prepare their statements.
 * `between` runs before each round and is not measured.
 */
export async function interleaved(
  cells,
  {
    rounds: mostRounds = 5,
    millis: longest = 1500,
    warmUpMillis: warmUp = 1000,
    between = async () => {},
  } = {},
) {
  const { rounds, millis, warmUpMillis } = inTime({
    rounds: mostRounds,
    millis: longest,
    warmUpMillis: warmUp,
  })
  const rates = Object.fromEntries(Object.keys(cells).map((name) => [name, []]))
  for (const cell of Object.values(cells)) await cell(warmUpMillis)
  for (let round = 0; round < rounds; round++) {
    await between()
    for (const [name, cell] of Object.entries(cells)) {
      rates[name].push(await cell(millis))
      // What one leaves behind (a collection, a checkpoint) is not the next one's.
      await pause(20)
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, each]) => [name, median(each)]))
}

/** `npm run bench -- --short`: three rounds of half the time, for a look; the page says so. */
const inTime = ({ rounds, millis, warmUpMillis }) =>
  process.env.BENCH_SHORT
    ? { rounds: Math.min(rounds, 3), millis: millis / 2, warmUpMillis: warmUpMillis / 2 }
    : { rounds, millis, warmUpMillis }

/** A cell of so many clients, each of which works without a pause; `work` answers how much it did. */
export const clients = (count, work) => async (millis) => {
  const start = performance.now()
  let done = 0
  const client = async () => {
    while (performance.now() < start + millis) {
      // Read after the wait: `done += await work()` reads it before, and forgets what the others did meanwhile.
      const more = await work()
      done += more
    }
  }
  await Promise.all(Array.from({ length: count }, client))
  return (done * 1000) / (performance.now() - start)
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
