import { tracingVariables } from './config/tracing-variables'
import type * as StartTracing from './server/tracing/start-tracing'
import type { Tracing } from './server/tracing/tracing'

/** Loaded only when it is asked for: without traces its libraries cost nothing. */
const load = (): typeof StartTracing => require('./server/tracing/start-tracing') as typeof StartTracing

const variables = tracingVariables()

/** The process's tracing, or null. First among the imports of `main`, because it changes modules as they are loaded. */
export const tracing: Tracing | null = variables && load().startTracing(variables)
