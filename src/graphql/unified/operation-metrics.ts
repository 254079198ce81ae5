import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import type { OperationDefinitionNode } from 'graphql'
import type { Meter } from '../shared/meter'

/** Names are the clients' to choose: so many are told apart, the rest are `other`. */
const MOST_NAMES = 100

/** What limits and validation call a refusal; anything else is `other`. */
const RULES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_TOO_LARGE',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'UNTRUSTED_DOCUMENT',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
])

interface Ran {
  readonly operationName: string | null | undefined
  readonly operation: OperationDefinitionNode | undefined
}

/** Times operations by name and outcome. `from` is of `performance.now()`. */
export interface OperationTimes {
  answered(ran: Ran, from: number, outcome?: string): void
}

export function operationTimes(meter: Meter): OperationTimes {
  const names = new Set<string>()
  const duration = meter.histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time of a GraphQL operation, by its name (the first hundred) and outcome.',
    labels: ['operation', 'outcome'],
  })
  const known = (name: string): string => {
    if (names.size < MOST_NAMES) names.add(name)
    return names.has(name) ? name : 'other'
  }
  return {
    answered({ operationName, operation }, from, outcome = 'ok') {
      const name = operationName ?? `anonymous ${operation?.operation ?? 'query'}`
      duration.observe({ operation: known(name), outcome }, (performance.now() - from) / 1000)
    },
  }
}

/** Times what Apollo Server runs, and counts what was refused before anything ran, by rule. */
export function operationMetricsPlugin(meter: Meter, times: OperationTimes): ApolloServerPlugin {
  const rejected = meter.counter({
    name: 'graphql_rejected_total',
    help: 'GraphQL requests that were refused before anything of them ran.',
    labels: ['rule'],
  })
  return {
    async requestDidStart(): Promise<GraphQLRequestListener<object>> {
      const from = performance.now()
      let ran = false
      return {
        async executionDidStart() {
          ran = true
        },
        async willSendResponse({ operationName, operation, response: { body } }) {
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : []
          const said = errors[0]?.extensions?.['code']
          const code = typeof said === 'string' ? said : 'other'
          if (!ran) return rejected.add({ rule: RULES.has(code) ? code : 'other' })
          times.answered({ operationName, operation }, from, outcomeOf(errors.length, code))
        },
      }
    },
  }
}

function outcomeOf(errors: number, code: string): string {
  if (errors === 0) return 'ok'
  if (code === 'INTERNAL_SERVER_ERROR') return 'failed'
  return code === 'SERVICE_UNAVAILABLE' ? 'unavailable' : 'refused'
}
