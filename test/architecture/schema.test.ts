import { composeServices, compositionHasErrors } from '@theguild/federation-composition'
import {
  assertValidSchema,
  buildSchema,
  findBreakingChanges,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  graphqlSync,
  isAbstractType,
  isEnumType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
} from 'graphql'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { federatedSchema } from '../../src/graphql/shared/build-subgraph'
import { scopeOf } from '../../src/graphql/shared/scope'
import { publishedSchemas } from '../../src/graphql/unified/publish'
import { buildSubgraphs, buildUnified } from '../../src/graphql/unified/schema'
import { setupJsonSchema } from '../../src/setup/schema'

const committed = (name: string): string => readFileSync(join(__dirname, '../../schema', name), 'utf8')
const SUBGRAPHS = ['core', 'annex', 'capillary']

/** A field that is not here needs `@Needs('read')`, or a reason to be here. */
const OPEN_TO_WRITERS = words({
  Member: 'id status tier',
  Group: 'groupId id name',
  // The entry that was made, and the wallet after it.
  PointsActivity: 'actionId allocations available availableAfter currency held id kind member occurredAt pending points reason recordedAt sources', // prettier-ignore
  PointsAllocation: 'lot points',
  PointsSource: 'expiresAt line lot points reversed rule',
  PointsBalance: 'available currencyValue held pending',
  // What the points went for.
  Redemption: 'activity billNumber code externalId id member points purchase redeemedAt reversed reward rewardCode', // prettier-ignore
  Reward: 'available category codeDays cost description imageUrl listsCodes name rewardId terms url',
  RewardCode: 'code expiresAt',
  ReturnedLine: 'amount lineNo quantity',
  // The brand's own.
  Store: 'code door externalIds id name',
  Tier: 'id minLifetimePoints minPeriodPoints minPeriodSpend minSpend name purchaseRatio rank',
  Money: 'amount currency',
  UserError: 'code field message',
})

function words(lists: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.split(' ')]))
}

describe('the published schemas', () => {
  const published = publishedSchemas()

  it.each(['unified.graphql', ...SUBGRAPHS.map((name) => `${name}.graphql`)])(
    '%s is what the code says (npm run schema)',
    (name) => {
      expect(committed(name)).toBe(published[name])
    },
  )

  it('setup.schema.json is what the code says (npm run schema)', () => {
    expect(JSON.parse(committed('setup.schema.json'))).toEqual(JSON.parse(JSON.stringify(setupJsonSchema())))
  })

  it('the subgraphs compose into the committed supergraph', () => {
    const composed = composeServices(
      SUBGRAPHS.map((name) => ({
        name,
        url: `http://${name}.internal/graphql`,
        typeDefs: parse(published[`${name}.graphql`] ?? ''),
      })),
    )
    expect(compositionHasErrors(composed) ? composed.errors : []).toEqual([])
    expect(composed.supergraphSdl?.trim()).toBe(committed('supergraph.graphql').trim())
  })

  it.each([...buildSubgraphs(), { name: 'the whole', ...buildUnified() }])(
    '$name can be served as one subgraph',
    (part) => {
      const schema = federatedSchema(part)
      assertValidSchema(schema)
      const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' })
      expect(data).toEqual({ _service: { sdl: expect.stringContaining('@key(fields: "id")') as string } })
    },
  )

  it('the unified graph is valid, and free of what only federation needs', () => {
    const text = published['unified.graphql'] ?? ''
    expect(() => buildSchema(text)).not.toThrow()
    expect(text).not.toMatch(/@key|@shareable|@link|_entities|_service|_Any|FieldSet/)
  })

  it('nothing that clients were promised is gone (npm run schema -- --accept-breaking, where it must be)', () => {
    const broken = (now: string) =>
      findBreakingChanges(buildSchema(committed('baseline.graphql')), buildSchema(now)).map(
        ({ description }) => description,
      )
    const now = published['unified.graphql'] ?? ''
    expect(broken(now)).toEqual([])
    // It would notice.
    expect(broken(now.replace('  """Spent."""\n  REDEEM\n', ''))).toEqual([
      'REDEEM was removed from enum type PointsActivityKind.',
    ])
  })

  it('every mutation needs a scope to write, and every query one to read', () => {
    const schema = buildSchema(published['unified.graphql'] ?? '')
    const needs = (type: 'Query' | 'Mutation' | 'Subscription') =>
      Object.values((schema.getType(type) as GraphQLObjectType).getFields()).map(({ name, astNode }) => {
        const scope = astNode?.directives?.find((directive) => directive.name.value === 'scope')
        return [name, scope ? print(scope) : null]
      })
    const writing = /^@scope\(needs: "(write|admin)"\)$/
    expect(needs('Mutation').filter(([, scope]) => !scope || !writing.test(scope))).toEqual([])
    expect(needs('Subscription').filter(([, scope]) => scope !== '@scope(needs: "read")')).toEqual([])
    expect(needs('Query').filter(([, scope]) => scope !== '@scope(needs: "read")')).toEqual([])
  })

  it('who may only write sees of members nothing but who they are, and of all else what is listed here', () => {
    const { schema } = buildUnified()
    const seen = new Map<string, string[]>()
    const waiting = [schema.getMutationType()]
    for (let type = waiting.pop(); type; type = waiting.pop()) {
      const open = Object.values(type.getFields()).filter((field) => scopeOf(field) !== 'read')
      seen.set(type.name, open.map(({ name }) => name).sort())
      for (const field of open) {
        const next = getNamedType(field.type)
        const kinds = isAbstractType(next) ? schema.getPossibleTypes(next) : isObjectType(next) ? [next] : []
        waiting.push(...kinds.filter(({ name }) => !seen.has(name)))
      }
    }
    // What it has done itself, whatever that says, is not looked at: payloads, and the purchases that it names.
    const others = [...seen].filter(
      ([name]) => !/^Mutation$|Payload$|^(Order|Issuance|Transaction)/.test(name),
    )
    expect(Object.fromEntries(others)).toEqual(OPEN_TO_WRITERS)
  })

  it('every type, field, argument and value of an enum of the unified graph is described', () => {
    const schema = buildSchema(published['unified.graphql'] ?? '')
    const named = Object.values(schema.getTypeMap()).filter(
      ({ name }) =>
        !name.startsWith('__') && !isSpecifiedScalarType(schema.getType(name) as GraphQLNamedType),
    )
    const silent = named
      .flatMap((type) => [{ name: type.name, description: type.description }, ...partsOf(type)])
      .filter(({ name, description }) => !description && !ROOTS.has(name))
      .map(({ name }) => name)
    expect(silent).toEqual([])
  })
})

const ROOTS = new Set(['Query', 'Mutation', 'Subscription'])

interface Described {
  readonly name: string
  readonly description: string | null | undefined
}

/** Fields with their arguments, or values, by a name that leads to them. */
function partsOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type))
    return type.getValues().map(({ name, description }) => ({ name: `${type.name}.${name}`, description }))
  if (!('getFields' in type)) return []
  return Object.values(type.getFields()).flatMap((field) => {
    const name = `${type.name}.${field.name}`
    const args: readonly Described[] = 'args' in field ? field.args : []
    return [
      { name, description: field.description },
      ...args.map((arg) => ({ name: `${name}(${arg.name})`, description: arg.description })),
    ]
  })
}
