import type { ValidationError } from 'class-validator'
import { GraphQLError, type GraphQLObjectType } from 'graphql'
import { ArgumentValidationError } from 'type-graphql'
import { Busy, LoyaltyError, Unavailable } from '../../domain/shared/errors'
import type { Context } from './context'
import { isPromise } from './promise'

/** One thing that is wrong with an argument, by its path: `input.identity.value`. Never the value itself. */
export interface Problem {
  readonly path: string
  readonly message: string
}

/** Arguments that no state of the data could make right. */
export const badInput = (...problems: readonly [Problem, ...Problem[]]): GraphQLError =>
  coded('BAD_USER_INPUT', problems.map(({ path, message }) => `${path} ${message}`).join('; '), { problems })

export const forbidden = (scope: string): GraphQLError =>
  coded('FORBIDDEN', `this needs a credential with the scope "${scope}"`)

export const unauthenticated = (): GraphQLError =>
  new GraphQLError('sign in with the header "Authorization: Bearer <API key>"', {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) },
    },
  })

/**
 * Masks what the resolvers of a type throw, inside the subgraph: a class does not survive the hop through a gateway, and
 * a raw message does. Not as a middleware: those make several promises of every value, and a list has many.
 */
export function maskFields(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field
    if (!resolve) continue
    field.resolve = (row, args, context: Context, info) => {
      const failed = (error: unknown): never => {
        throw masked(error, context)
      }
      try {
        const found: unknown = resolve(row, args, context, info)
        return isPromise(found) ? found.then(undefined, failed) : found
      } catch (error) {
        return failed(error)
      }
    }
  }
}

/** What a client may know of an error. Refusals keep code and sentence; an accident is reported and becomes its request id. */
export function masked(
  error: unknown,
  { requestId, report }: Pick<Context, 'requestId' | 'report'>,
): GraphQLError {
  if (error instanceof ArgumentValidationError) return invalidArguments(error.extensions.validationErrors)
  if (error instanceof GraphQLError && error.extensions['code'] !== undefined) return error
  if (error instanceof Busy) return coded('SERVICE_UNAVAILABLE', error.message, { requestId })
  if (error instanceof Unavailable) {
    report(error)
    return coded('SERVICE_UNAVAILABLE', 'the service is not available now; try again', { requestId })
  }
  if (error instanceof LoyaltyError)
    return coded(error.code, error.message, error.field === null ? {} : { field: error.field })
  report(error)
  return coded('INTERNAL_SERVER_ERROR', 'Internal server error', { requestId })
}

const coded = (code: string, message: string, facts: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...facts } })

// The validator's own errors carry the whole input, which may hold a bigint that no answer can be made of.
function invalidArguments(errors: readonly ValidationError[] | undefined): GraphQLError {
  const [first, ...rest] = (errors ?? []).flatMap((error) => problemsOf(error, 'input'))
  return badInput(first ?? { path: 'input', message: 'is not valid' }, ...rest)
}

function problemsOf(
  { property, constraints, children }: ValidationError,
  parent: string,
): readonly Problem[] {
  const path = `${parent}.${property}`
  const own = Object.values(constraints ?? {}).map((text) => ({
    path,
    message: text.replace(`${property} `, ''),
  }))
  return [...own, ...(children ?? []).flatMap((child) => problemsOf(child, path))]
}
