import 'reflect-metadata'
import {
  execute,
  type ExecutionResult,
  GraphQLError,
  graphqlSync,
  isObjectType,
  parse,
  printSchema,
} from 'graphql'
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Busy, InvalidPoints, Unavailable } from '../../../src/domain/shared/errors'
import { InsufficientPoints } from '../../../src/domain/points/errors'
import { points } from '../../../src/domain/shared/points'
import { buildSubgraph, federatedSchema, type Reference } from '../../../src/graphql/shared/build-subgraph'
import type { Context } from '../../../src/graphql/shared/context'
import { cursorCodec, isInstantText, isSequence } from '../../../src/graphql/shared/cursor'
import { masked } from '../../../src/graphql/shared/errors'
import { bareId, globalId, parseGlobalId } from '../../../src/graphql/shared/global-id'
import { lazily } from '../../../src/graphql/shared/lazy-loaders'
import { DecimalScalar, PointsScalar } from '../../../src/graphql/shared/scalars'
import { unify } from '../../../src/graphql/shared/unify'

describe('global ids', () => {
  it('come back as what they were made of', () => {
    expect(parseGlobalId(globalId('Member', '9007199254740991'))).toEqual({
      type: 'Member',
      id: '9007199254740991',
    })
    expect(parseGlobalId(globalId('PointsActivity', '12.7'))).toEqual({ type: 'PointsActivity', id: '12.7' })
    expect(bareId('Tier', globalId('Tier', '3'))).toBe('3')
  })

  it.each([
    '',
    'x',
    'Member:1',
    `${globalId('Member', '1')}=`,
    ` ${globalId('Member', '1')}`,
    globalId('Member', '0'),
    globalId('Member', '-1'),
    globalId('Member', '9007199254740992'),
    globalId('Member', '1.'),
    globalId('Member', "1' or '1'='1"),
    globalId('member', '1'),
    'A'.repeat(100_000),
  ])('%p is none', (text) => {
    expect(parseGlobalId(text)).toBeNull()
  })

  it('of one type is none of another', () => {
    expect(bareId('Tier', globalId('Member', '3'))).toBeNull()
  })
})

describe('cursors', () => {
  const cursors = cursorCodec('things', isSequence)

  it('come back as the position they stand for, to their own list only', () => {
    expect(cursors.decode(cursors.encode('42'))).toBe('42')
    expect(cursorCodec('others', isSequence).decode(cursors.encode('42'))).toBeNull()
    expect(cursors.decode(cursors.encode("42' --"))).toBeNull()
  })

  it.each([
    '2026-02-30T00:00:00.000000Z',
    '2026-01-01T24:00:01.000000Z',
    '2026-01-01T00:00:00Z',
    '2026-01-01',
    '12026-01-01T00:00:00.000000Z',
  ])('%s is no instant that a database gave', (text) => expect(isInstantText(text)).toBe(false))
})

describe('scalars', () => {
  it('points are decimal text outside, thousandths inside', () => {
    expect(PointsScalar.serialize(12_500n)).toBe('12.5')
    expect(PointsScalar.serialize(-3_000n)).toBe('-3')
    expect(PointsScalar.parseValue('12.5')).toBe(12_500n)
    expect(PointsScalar.parseValue(7)).toBe(7_000n)
  })

  it.each([1.5, NaN, '1.2345', '1e3', '', ' 1', '9'.repeat(20), true, null, {}, ['1']])(
    '%p are no points',
    (value) => {
      expect(() => PointsScalar.parseValue(value)).toThrow(GraphQLError)
    },
  )

  it('decimals never take the form of an exponent', () => {
    expect(DecimalScalar.serialize('99.95')).toBe('99.95')
  })
})

describe('errors', () => {
  const report = jest.fn<void, [unknown]>()
  const shown = (error: unknown) => masked(error, { requestId: 'r1', report }).toJSON()
  beforeEach(() => report.mockClear())

  it('refusals keep their code, sentence and field', () => {
    expect(shown(new InsufficientPoints(points('1'), points('2')))).toEqual({
      message: '2 points asked, 1 available',
      extensions: { code: 'INSUFFICIENT_POINTS', field: 'points' },
    })
    expect(report).not.toHaveBeenCalled()
  })

  it('a busy account and an absent database say that it may be tried again', () => {
    expect(shown(new Busy('55P03')).extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', requestId: 'r1' })
    expect(report).not.toHaveBeenCalled()
    expect(shown(new Unavailable('10.0.0.1 refused')).message).not.toContain('10.0.0.1')
    expect(report).toHaveBeenCalledTimes(1)
  })

  it('an accident is written down whole, and shown as the id of its request', () => {
    const accident = new Error('relation "members" does not exist')
    expect(shown(accident)).toEqual({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
    })
    expect(report).toHaveBeenCalledWith(accident)
    expect(shown(new GraphQLError('raw')).message).toBe('Internal server error')
  })

  it('never quotes what was refused', () => {
    expect(shown(new InvalidPoints('secret')).message).not.toContain('secret')
  })
})

/* Two small subgraphs: people owns Person; pets owns Pet, adds to Person, and answers with people by reference. */

@InterfaceType('Being')
abstract class PeopleBeing {
  @Field(() => ID) readonly id!: string
}

@ObjectType('Person', { implements: PeopleBeing, simpleResolvers: true })
@Directive('@key(fields: "id")')
class Person {
  @Field(() => ID) readonly id!: string
  @Field(() => String) readonly name!: string
}

@ObjectType('Pet', { implements: PeopleBeing, simpleResolvers: true })
@Directive('@key(fields: "id", resolvable: false)')
class PetReference {
  @Field(() => ID) readonly id!: string
}

@InterfaceType('Being')
abstract class PetsBeing {
  @Field(() => ID) readonly id!: string
}

@ObjectType('Pet', { implements: PetsBeing, simpleResolvers: true })
@Directive('@key(fields: "id")')
class Pet {
  @Field(() => ID) readonly id!: string
  @Field(() => String) readonly name!: string
}

@ObjectType('Person', { implements: PetsBeing, simpleResolvers: true })
@Directive('@key(fields: "id")')
class Owner {
  @Field(() => ID) readonly id!: string
}

const read: string[] = []
const personById = (id: string) => {
  read.push(`person ${id}`)
  if (id === '13') throw new Error('a secret of the database')
  return id === '404' ? null : Object.freeze({ id, name: `Person ${id}` })
}
const petById = (id: string) => {
  read.push(`pet ${id}`)
  return Object.freeze({ id, name: `Pet ${id}` })
}

@Resolver()
class BeingResolver {
  @Query(() => [PeopleBeing])
  beings(): Reference[] {
    return [
      { __typename: 'Person', id: '1', ...{ name: 'Own' } },
      { __typename: 'Pet', id: '7' },
    ]
  }
}

@Resolver(() => Pet)
class PetResolver {
  @Query(() => [Pet])
  pets() {
    return [1, 13, 404].map((owner) => ({ id: '7', name: 'Pet 7', owner: String(owner) }))
  }

  @FieldResolver(() => Owner, { nullable: true })
  owner(@Root() { owner }: { owner: string }) {
    return { id: owner }
  }
}

@Resolver(() => Owner)
class OwnerResolver {
  @FieldResolver(() => [Pet])
  pets(@Root() { id }: Reference, @Ctx() _context: Context) {
    return [{ id: `${id}0`, name: `Pet ${id}0`, owner: id }]
  }
}

const people = () =>
  buildSubgraph({
    name: 'people',
    resolvers: [BeingResolver],
    stubs: [Person, PetReference],
    references: { Person: personById },
    loaders: lazily([]),
  })
const pets = () =>
  buildSubgraph({
    name: 'pets',
    resolvers: [PetResolver, OwnerResolver],
    references: { Pet: petById },
    loaders: lazily([]),
  })

describe('subgraphs as one schema', () => {
  const { schema, typeDefs, resolvers } = unify([people(), pets()])
  const context = { requestId: 'r1', report: jest.fn(), caller: { scopes: ['read'] } } as unknown as Context
  const ask = async (query: string, on = schema) => {
    read.length = 0
    return (await execute({ schema: on, document: parse(query), contextValue: context })) as ExecutionResult<
      Record<string, never>
    >
  }

  it('has every field of a type that several declare, and no mark of federation', () => {
    const person = schema.getType('Person')
    expect(isObjectType(person) && Object.keys(person.getFields()).sort()).toEqual(['id', 'name', 'pets'])
    expect(printSchema(schema)).not.toMatch(/@key|_entities/)
  })

  it('completes references by their owners, through an interface too, and leaves its own rows alone', async () => {
    const { data } = await ask(
      '{ beings { __typename id ... on Person { name pets { name } } ... on Pet { name } } }',
    )
    expect(data).toEqual({
      beings: [
        { __typename: 'Person', id: globalId('Person', '1'), name: 'Own', pets: [{ name: 'Pet 10' }] },
        { __typename: 'Pet', id: globalId('Pet', '7'), name: 'Pet 7' },
      ],
    })
    expect(read).toEqual(['pet 7'])
  })

  it('reads nothing when only keys, or what others add to them, are asked for', async () => {
    expect((await ask('{ beings { __typename id } }')).errors).toBeUndefined()
    expect(
      (await ask('query { pets { owner { ...F } } } fragment F on Person { id pets { id } }')).errors,
    ).toBeUndefined()
    expect(read).toEqual([])
  })

  it('masks what an owner throws, one row at a time; who is not there is null', async () => {
    const { data, errors } = await ask('{ pets { owner { name } } }')
    expect(data).toEqual({ pets: [{ owner: { name: 'Person 1' } }, { owner: null }, { owner: null }] })
    expect(errors?.map(({ message, path, extensions }) => ({ message, path, extensions }))).toEqual([
      {
        message: 'Internal server error',
        path: ['pets', 1, 'owner'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
      },
    ])
  })

  it('is itself a subgraph of somebody else, that takes the ids which clients see', async () => {
    const federated = federatedSchema({ typeDefs, resolvers })
    const entities = [globalId('Person', '1'), 'nonsense', globalId('Pet', '1')]
      .map((id) => `{ __typename: "Person", id: "${id}" }`)
      .join(', ')
    const { data } = await ask(
      `{ _entities(representations: [${entities}]) { ... on Person { id name pets { name } } } }`,
      federated,
    )
    expect(data).toEqual({
      _entities: [{ id: globalId('Person', '1'), name: 'Person 1', pets: [{ name: 'Pet 10' }] }, null, null],
    })
    expect(graphqlSync({ schema: federated, source: '{ _service { sdl } }' }).data).toHaveProperty(
      '_service.sdl',
    )
  })

  it.each([
    '{ __typename: "Person" }',
    '{ __typename: "Person", id: { of: "1" } }',
    '{ __typename: "Being", id: "1" }',
    '{ __typename: "Query", id: "1" }',
    '{ __typename: "Nobody", id: "1" }',
    '{ __typename: "__proto__", id: "1" }',
    '{ id: "1" }',
    '"Person"',
    '[]',
  ])('refuses what names no entity as its sender’s fault: %s', async (representation) => {
    const federated = federatedSchema({ typeDefs, resolvers })
    const known = `{ __typename: "Person", id: "${globalId('Person', '1')}" }`
    const { errors } = await ask(
      `{ _entities(representations: [${known}, ${representation}]) { __typename } }`,
      federated,
    )
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        problems: [
          {
            path: 'representations.1',
            message: 'must name an entity of this graph by __typename and id',
          },
        ],
      },
    ])
    expect(read).toEqual([])
  })

  it('a part alone answers for what it adds, by the id that a gateway brings', async () => {
    const id = globalId('Person', '5')
    const { data } = await ask(
      `{ _entities(representations: [{ __typename: "Person", id: "${id}" }]) { ... on Person { pets { name } } } }`,
      federatedSchema(pets()),
    )
    expect(data).toEqual({ _entities: [{ pets: [{ name: 'Pet 50' }] }] })
  })

  it('refuses two owners of one type, and an owner of what is no entity', () => {
    expect(() => unify([people(), people()])).toThrow('Person has two owners')
    expect(() =>
      buildSubgraph({
        name: 'people',
        resolvers: [BeingResolver],
        stubs: [PetReference],
        references: { Nobody: personById },
        loaders: lazily([]),
      }),
    ).toThrow('does not declare as an entity')
  })
})
