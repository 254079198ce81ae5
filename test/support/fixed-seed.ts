import { configureGlobal } from 'fast-check'

/**
 * The same random cases in every run, so that a red run is red again. FUZZ_SEED=random looks for new ones, and
 * FUZZ_SEED=<number> repeats what a failure printed.
 */
const { FUZZ_SEED: seed = '20261121' } = process.env
if (seed !== 'random') configureGlobal({ seed: Number(seed) })
