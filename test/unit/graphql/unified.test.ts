import {
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { compilingExecutor } from '../../../src/graphql/unified/executor'
import { Lru } from '../../../src/graphql/unified/lru'
import { measure } from '../../../src/graphql/unified/limits'
import { unfitVariables, variableProblems } from '../../../src/graphql/unified/variables'

const operationOf = (query: string): OperationDefinitionNode => {
  const [operation] = parse(query).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  return operation
}

describe('the compiling executor', () => {
  const schema: GraphQLSchema = buildSchema(`
    interface Animal { name: String! }
    type Dog implements Animal { name: String! bark: Int }
    type Cat implements Animal { name: String! }
    enum Size { SMALL BIG }
    input Filter { size: Size! = SMALL, first: Int! = 3, tag: String }
    type Query { echo(filter: Filter!): String animals: [Animal!]! fail(code: String): Int bad: Int! one: Int many: [Int!] }
    type Mutation { add(n: Int!): Int }
  `)
  const resolve = (type: string, field: string, resolver: (args: never) => unknown) => {
    const found = (
      schema.getType(type) as { getFields(): Record<string, { resolve?: unknown }> } | undefined
    )?.getFields()[field]
    if (found) found.resolve = (_root: unknown, args: never) => resolver(args)
  }
  let sum = 0
  resolve('Query', 'echo', (args) => JSON.stringify(args))
  resolve('Query', 'animals', () => [
    { __typename: 'Dog', name: 'Rex', bark: 3 },
    { __typename: 'Cat', name: 'Tom' },
  ])
  resolve('Query', 'fail', ({ code }: { code: string }) => {
    throw new GraphQLError('no', { extensions: { code } })
  })
  resolve('Query', 'bad', () => null)
  resolve('Query', 'one', () => Promise.resolve(1))
  resolve('Query', 'many', () => [1, null])
  resolve('Mutation', 'add', ({ n }: { n: number }) => (sum += n))

  const run = compilingExecutor(schema)
  const ask = (
    query: string,
    variables: Record<string, unknown> = {},
    operationName: string | null = null,
  ) => {
    const document = parse(query)
    const operation = document.definitions.find(
      (d): d is OperationDefinitionNode =>
        d.kind === Kind.OPERATION_DEFINITION && (!operationName || d.name?.value === operationName),
    )
    const request = { variables, ...(operationName ? { operationName } : {}) }
    return run({ document, operation, operationName, queryHash: query, request, context: {} })
  }

  it.each([
    ['{ one animals { __typename name ... on Dog { bark } } }', {}],
    ['query($f: Filter!) { echo(filter: $f) }', { f: {} }],
    ['query($f: Filter!) { echo(filter: $f) }', { f: { size: 'BIG', first: 1, tag: null } }],
    ['query($f: Filter!) { echo(filter: $f) }', { f: { size: 'HUGE' } }],
    ['query($f: Filter!) { echo(filter: $f) }', {}],
    ['query($f: Filter!) { echo(filter: $f) }', { f: { nope: 1 } }],
    ['query($on: Boolean!) { one @include(if: $on) two: one @skip(if: $on) }', { on: true }],
    ['{ fail(code: "MEMBER_NOT_FOUND") one }', {}],
    ['{ bad }', {}],
    ['{ one many }', {}],
    ['{ __schema { queryType { name } } __type(name: "Dog") { fields { name } } }', {}],
  ])('says of %s with %j, once compiled, what graphql-js says', async (query, variables) => {
    expect(validate(schema, parse(query))).toEqual([])
    const interpreted = await ask(query, variables)
    for (const _ of [2, 3])
      expect(JSON.stringify(await ask(query, variables))).toBe(JSON.stringify(interpreted))
  })

  it('runs each mutation once, compiled or not', async () => {
    for (const expected of [1, 2, 3, 4])
      expect(await ask('mutation { add(n: 1) }')).toMatchObject({ data: { add: expected } })
  })

  it('keeps the operations of one document apart', async () => {
    const query = 'query A { one } query B { two: one }'
    for (const _ of [1, 2, 3]) {
      expect((await ask(query, {}, 'A')).data).toEqual({ one: 1 })
      expect((await ask(query, {}, 'B')).data).toEqual({ two: 1 })
      expect((await ask(query, {}, 'C')).errors?.[0]?.message).toBe('Unknown operation named "C".')
    }
  })

  it('names what is wrong with variables by path, without the values', () => {
    const problems = variableProblems(
      schema,
      operationOf('query($f: Filter!, $g: [Filter!]) { echo(filter: $f) }'),
      {
        f: { size: 'secret', first: 'secret', nope: 'secret' },
        g: [{ first: null }],
      },
    )
    expect(problems.map(({ extensions }) => extensions['problems'])).toEqual([
      [{ path: 'f.size', message: expect.any(String) as string }],
      [{ path: 'f.first', message: expect.any(String) as string }],
      [{ path: 'f', message: 'is not valid: Field "nope" is not defined by type "Filter".' }],
      [{ path: 'g.0.first', message: 'is not valid: Expected non-nullable type "Int!"' }],
    ])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })
})

describe('what is remembered', () => {
  it('is what was asked for last', () => {
    const lru = new Lru<number>(2)
    lru.set('a', 1)
    lru.set('b', 2)
    expect(lru.get('a')).toBe(1)
    lru.set('c', 3)
    expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3])
  })
})

describe('the size of an operation', () => {
  const schema = buildSchema(`
    type Query { a(first: Int = 20): XConnection b: X x: X nodes(ids: [ID!]!): [X]! }
    type XConnection { nodes: [X!]! edges: [Edge!]! }
    type Edge { node: X! }
    type X { id: ID c: X d: X g: X lines: [X!]! b(first: Int = 20): XConnection }
  `)
  const sizeOf = (query: string, variables = {}) => {
    const document = parse(query)
    const [operation] = document.definitions
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
    return measure({ schema, document, operation, variables })
  }

  it('counts what fragments hold wherever they are spread', () => {
    expect(
      sizeOf(
        '{ x { ...F } b { ... on X { ...F } } } fragment F on X { c { d: id } f: g @skip(if: true) { id } }',
      ),
    ).toEqual({
      depth: 3,
      aliases: 4,
      directives: 2,
      objects: 6,
      roots: 2,
    })
  })

  it('multiplies the sizes of lists, also of those that variables give, or that nobody says', () => {
    const nested = 'query($n: Int) { a(first: 10) { nodes { b(first: $n) { nodes { id } } } } }'
    expect(sizeOf(nested, { n: 5 }).objects).toBe(10 * (1 + 1 + 5 * 2))
    expect(sizeOf(nested).objects).toBe(10 * (1 + 1 + 20 * 2))
    const hidden = 'query($n: Int = 50) { a(first: $n) { nodes { id } } }'
    expect(sizeOf(hidden).objects).toBe(100)
    expect(sizeOf(hidden, { n: 2 }).objects).toBe(4)
    expect(sizeOf('{ a { edges { node { b { nodes { id } } } } } }').objects).toBe(20 * (3 + 20 * 2))
    expect(sizeOf('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }).objects).toBe(2)
  })

  it('takes a list that is given whole for a handful', () => {
    expect(sizeOf('{ x { lines { id } } }').objects).toBe(6)
  })

  it('ends where fragments go round in circles', () => {
    expect(sizeOf('{ ...A } fragment A on Query { ...B x { id } } fragment B on Query { ...A }').depth).toBe(
      2,
    )
  })

  it('takes no offense at what tools ask of a schema', () => {
    expect(sizeOf('{ __schema { types { fields { type { ofType { ofType { name } } } } } } }')).toMatchObject(
      { depth: 1, objects: 0 },
    )
  })
})

describe('text that no store could hold', () => {
  it('is found by its path, however deep', () => {
    expect(unfitVariables({ a: 1, b: { c: ['x', { d: 'e\0' }] } })?.extensions['problems']).toEqual([
      { path: 'b.c.1.d', message: 'must not hold the NUL character' },
    ])
    expect(unfitVariables({ a: 'fine', b: [null, true] })).toBeNull()
  })

  it('is not looked for without end', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
    expect(unfitVariables({ deep })?.message).toContain('nested too deeply')
  })
})
