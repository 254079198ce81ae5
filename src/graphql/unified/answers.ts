import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import type { GraphQLFormattedError } from 'graphql'
import type { Context } from '../shared/context'

const LONGEST_MESSAGE = 500

/** The HTTP status of an answer that holds nothing but an error. */
const STATUS: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  FORBIDDEN: 403,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** What Apollo Server has no code for, though it is the client's mistake: a hash that is not the document's. */
const MISUSED_HASH: ReadonlySet<string> = new Set([
  'provided sha does not match query',
  'Unsupported persisted query version',
])

/** What graphql-js has no code for: a variable that may be null in the place of an argument that may not. */
const MISUSED_ARGUMENT = /^Argument "\w+" (of (required|non-null) type |has invalid value )/

const isClientsMistake = (message: string): boolean =>
  MISUSED_HASH.has(message) || MISUSED_ARGUMENT.test(message)

/** Library texts quote what they choke on; a megabyte of it helps nobody. */
export const shortened = (error: GraphQLFormattedError): GraphQLFormattedError =>
  error.message.length <= LONGEST_MESSAGE
    ? error
    : { ...error, message: `${error.message.slice(0, LONGEST_MESSAGE)}…` }

/**
 * The last look at an answer. What failed outside a resolver (a value that no scalar can say, say) has not been masked
 * yet; and an answer without data says so by its status, for proxies and probes that look no further.
 */
export const answersPlugin = (): ApolloServerPlugin<Context<object>> => ({
  requestDidStart: async (): Promise<GraphQLRequestListener<Context<object>>> => ({
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors)
        if (error.extensions['code'] === undefined && !isClientsMistake(error.message))
          contextValue.report(error.originalError ?? error)
    },
    async willSendResponse({ response, contextValue }) {
      if (response.body.kind !== 'single' || !response.body.singleResult.errors) return
      const { data, errors } = response.body.singleResult
      const masked = errors.map((error) => maskedLast(error, contextValue.requestId))
      response.body.singleResult = { ...response.body.singleResult, errors: masked }
      const status = STATUS[String(masked[0]?.extensions?.['code'])]
      if (status === undefined || !holdsNothing(data)) return
      response.http.status = status
      if (status === 503) response.http.headers.set('retry-after', '1')
    },
  }),
})

const holdsNothing = (data: Record<string, unknown> | null | undefined): boolean =>
  data === null || data === undefined || Object.values(data).every((value) => value === null)

const maskedLast = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError => {
  if (MISUSED_HASH.has(error.message)) return { ...error, extensions: { code: 'BAD_REQUEST' } }
  if (MISUSED_ARGUMENT.test(error.message)) return { ...error, extensions: { code: 'BAD_USER_INPUT' } }
  return error.extensions?.['code'] === 'INTERNAL_SERVER_ERROR'
    ? { ...error, message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }
    : error
}
