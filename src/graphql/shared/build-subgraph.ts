import { buildSubgraphSchema } from '@apollo/subgraph'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import {
  concatAST,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  specifiedDirectives,
} from 'graphql'
import { buildSchemaSync, type ClassType, createResolversMap, type NonEmptyArray } from 'type-graphql'
import type { Context } from './context'
import { masked, maskFields } from './errors'
import { bareId, globalId } from './global-id'
import type { LoaderMaker } from './lazy-loaders'
import { withReadRepresentations } from './representations'
import type { Splices } from './splice'
import { assertScope, guardFields, scopeDirective } from './scope'

/** An entity as other subgraphs name it: its type and its bare id. */
export interface Reference {
  readonly __typename?: string
  readonly id: string
}

export type ReferenceResolver<Loaders = never> = (
  id: string,
  context: Context<Loaders>,
) => Promise<object | null> | object | null

/** Field functions that only look at the row (and at the context), set as they are: no middleware runs around them. */
export type Computed<Row = never> = Readonly<
  Record<string, (row: Row, args: unknown, context: Context) => unknown>
>

export interface SubgraphParts<Loaders extends object> {
  readonly name: string
  readonly resolvers: NonEmptyArray<ClassType>
  /** Who resolves references to a type owns it. By bare id; null when there is none. */
  readonly references: Readonly<Record<string, ReferenceResolver<Loaders>>>
  /** Types that no field here names: another subgraph's kinds of an interface, an entity that only others point to. */
  readonly stubs?: readonly ClassType[]
  /** Pure fields, by type. `id` is computed for every type that has one. */
  readonly computed?: Readonly<Record<string, Computed>>
  /** Fields whose selection can be had as text. */
  readonly splices?: Splices
  readonly loaders: LoaderMaker<Loaders>
}

export interface Subgraph {
  readonly name: string
  readonly schema: GraphQLSchema
  readonly typeDefs: DocumentNode
  readonly resolvers: ResolverMap
  readonly references: References
  readonly splices: Splices
  readonly loaders: LoaderMaker
}

export type Resolver = GraphQLFieldResolver<unknown, Context>
/** What completes a reference, whose id is bare. */
export type Complete = (reference: Reference, context: Context) => unknown
export type References = Readonly<Record<string, Complete>>
/** Resolvers by type, as graphql-tools takes them: of fields for an object type, itself for a scalar. */
export type ResolverMap = Record<string, object>

/**
 * One part of the graph, from its classes: served alone it is a Federation 2 subgraph, `unify` merges several into one
 * schema. Both forms run these resolvers.
 */
export function buildSubgraph<Loaders extends object>(parts: SubgraphParts<Loaders>): Subgraph {
  const schema = buildSchemaSync({
    resolvers: parts.resolvers,
    orphanedTypes: [...(parts.stubs ?? [])],
    directives: [...specifiedDirectives, scopeDirective],
    validate: true,
    pubSub: NO_PUB_SUB,
  })
  for (const type of objectTypesOf(schema)) {
    maskFields(type)
    setComputed(type, parts.computed?.[type.name] ?? {})
    guardFields(type)
  }

  const resolvers: ResolverMap = createResolversMap(schema)
  for (const type of Object.values(schema.getTypeMap()).filter(isAbstractType)) {
    // type-graphql tells kinds apart by class and asynchronously: plain rows fail the first, the compiler the second.
    resolvers[type.name] = { __resolveType: (value: Reference) => value.__typename }
  }
  const references = referencesOf(parts)
  for (const type of objectTypesOf(schema).filter(isEntity)) {
    const __resolveReference = fromGateway(type.name, references[type.name] ?? itself)
    resolvers[type.name] = { ...resolvers[type.name], __resolveReference }
  }
  for (const type of Object.keys(references)) {
    if (!isEntity(schema.getType(type)))
      throw new Error(`${parts.name} resolves references to ${type}, which it does not declare as an entity`)
  }
  return {
    name: parts.name,
    schema,
    typeDefs: definitionsOf(schema),
    resolvers,
    references,
    splices: parts.splices ?? {},
    loaders: parts.loaders,
  }
}

/** What a gateway composes. */
export const federatedSdl = (
  { typeDefs }: Pick<Subgraph, 'typeDefs'>,
  link: DocumentNode = LINK,
): DocumentNode => concatAST([link, withoutStreams(typeDefs)])

const unused = (): never => {
  throw new Error('subscriptions bring a source of their own: the events that leave the outbox')
}

/** The library wants one wherever there is a subscription; ours say themselves what they are fed by. */
const NO_PUB_SUB = { publish: unused, subscribe: unused }

/** Streams are opened at the process that serves core, not through a gateway. */
const withoutStreams = ({ kind, definitions }: DocumentNode): DocumentNode => ({
  kind,
  definitions: definitions.filter(
    (definition) => !('name' in definition && definition.name?.value === 'Subscription'),
  ),
})

/** What a process serves when it is one subgraph, or the unified graph as one. */
export const federatedSchema = (
  subgraph: Pick<Subgraph, 'typeDefs' | 'resolvers'>,
  link: DocumentNode = LINK,
): GraphQLSchema =>
  withReadRepresentations(
    buildSubgraphSchema([
      { typeDefs: federatedSdl(subgraph, link), resolvers: withoutSubscription(subgraph.resolvers) as never },
    ]),
  )

const withoutSubscription = ({ Subscription: _streams, ...others }: ResolverMap): ResolverMap => others

const LINK = parse(
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])',
)

const objectTypesOf = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(isObjectType)

const isEntity = (type: unknown): boolean =>
  isObjectType(type) && type.astNode?.directives?.some(({ name }) => name.value === 'key') === true

function setComputed(type: GraphQLObjectType, computed: Computed): void {
  const fields = type.getFields()
  const byName = {
    ...(fields['id'] ? { id: (row: Reference) => globalId(type.name, row.id) } : {}),
    ...computed,
  }
  for (const [name, compute] of Object.entries(byName)) {
    const field = fields[name]
    if (!field) throw new Error(`${type.name} has no field ${name} to compute`)
    field.resolve = compute as Resolver
  }
}

/** References are resolved outside type-graphql, so their errors are masked here; the row, perhaps frozen, says its type on a copy. */
function referencesOf<Loaders extends object>({ references }: SubgraphParts<Loaders>): References {
  const complete =
    (type: string, resolve: ReferenceResolver<Loaders>): Complete =>
    async ({ id }, context) => {
      try {
        const row = await resolve(id, context as Context<Loaders>)
        return row && { ...row, __typename: type }
      } catch (error) {
        throw masked(error, context)
      }
    }
  return Object.fromEntries(
    Object.entries(references).map(([type, resolve]) => [type, complete(type, resolve)]),
  )
}

const itself: Complete = (reference) => reference

/** A gateway names entities as clients do. An id that this graph never gave out is nobody's; who may not read reads no entity. */
const fromGateway =
  (type: string, complete: Complete): Complete =>
  (reference, context) => {
    assertScope(context, 'read')
    const id = bareId(type, reference.id)
    return id === null ? null : complete({ __typename: type, id }, context)
  }

function definitionsOf(schema: GraphQLSchema): DocumentNode {
  const { definitions } = parse(printSchemaWithDirectives(schema))
  return {
    kind: Kind.DOCUMENT,
    definitions: definitions.filter(({ kind }) => kind !== Kind.SCHEMA_DEFINITION),
  }
}
