import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  print,
  typeFromAST,
} from 'graphql'

/** Deeper input than this is nobody's mistake. */
const MAX_DEPTH = 32
const MAX_PROBLEMS = 10

/** What is wrong with an operation's variables, by path: `$input.identity.value`. Never the values themselves. */
export function variableProblems(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  const problems: GraphQLError[] = []
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value
    const type = typeFromAST(schema, typeNode)
    if (!type || !isInputType(type)) continue
    if (!Object.hasOwn(variables, name) || variables[name] === undefined) {
      if (!defaultValue && print(typeNode).endsWith('!')) problems.push(problem(name, [], 'is required'))
      continue
    }
    coerceInputValue(variables[name], type, (path, _value, error) => {
      if (problems.length < MAX_PROBLEMS) problems.push(problem(name, path, sentence(error, print(typeNode))))
    })
  }
  return problems
}

/** The paths under which text holds the NUL character, which PostgreSQL cannot store; or where nesting is absurd. */
export function unfitVariables(variables: Readonly<Record<string, unknown>>): GraphQLError | null {
  const stack = Object.entries(variables).map(([name, value]) => ({
    name,
    path: [] as (string | number)[],
    value,
  }))
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { name, path, value } = next
    if (path.length > MAX_DEPTH) return problem(name, path.slice(0, 3), 'is nested too deeply')
    if (typeof value === 'string' && value.includes('\0'))
      return problem(name, path, 'must not hold the NUL character')
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value))
      stack.push({ name, path: [...path, key], value: inner as unknown })
  }
  return null
}

function problem(name: string, path: readonly (string | number)[], message: string): GraphQLError {
  const where = [name, ...path].join('.')
  return new GraphQLError(`$${where} ${message}`, {
    extensions: { code: 'BAD_USER_INPUT', problems: [{ path: where, message }] },
  })
}

// Field names are the client's too, but they are of the schema or short; values are not repeated.
function sentence(error: GraphQLError, type: string): string {
  const own = /^(Field ".{1,80}" .{1,200}|Points are .*|Decimals are .*|DateTime is .*)$/.exec(
    error.message,
  )?.[1]
  if (own) return `is not valid: ${own.replace(/ Did you mean .*$/, '')}`
  const expected = /(Expected (?:non-nullable )?type "[\w![\]]+")/.exec(error.message)?.[1]
  return expected ? `is not valid: ${expected}` : `is not valid for its place in ${type}`
}
