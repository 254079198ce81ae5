import { makeExecutableSchema } from '@graphql-tools/schema'
import {
  assertValidSchema,
  type DefinitionNode,
  defaultFieldResolver,
  type DocumentNode,
  type FieldDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  print,
  visit,
} from 'graphql'
import type { References, Resolver, ResolverMap, Subgraph } from './build-subgraph'
import { completed } from './references'

/** The subgraphs as one graph. */
export interface Unified {
  /** Executable, and free of federation's marks. */
  readonly schema: GraphQLSchema
  /** What it is written as, without the marks. */
  readonly plain: DocumentNode
  /** With the marks: the whole as one subgraph of somebody else's supergraph. */
  readonly typeDefs: DocumentNode
  readonly resolvers: ResolverMap
}

/** Merges subgraphs. Throws when two own a type, or say different things of one: a mistake in the code, found at start. */
export function unify(subgraphs: readonly Subgraph[]): Unified {
  const typeDefs = mergeDefinitions(subgraphs)
  const resolvers = mergeResolvers(subgraphs)
  const plain: DocumentNode = visit(typeDefs, {
    Directive: ({ name }) => (FEDERATION.has(name.value) ? null : undefined),
  })
  const schema = makeExecutableSchema({ typeDefs: plain, resolvers })
  assertValidSchema(schema)
  return { schema, plain, typeDefs, resolvers }
}

const FEDERATION = new Set(['key', 'shareable'])

function mergeDefinitions(subgraphs: readonly Subgraph[]): DocumentNode {
  const parts = new Map<string, DefinitionNode[]>()
  for (const { typeDefs, references } of subgraphs) {
    for (const definition of typeDefs.definitions) {
      const name = 'name' in definition ? (definition.name?.value ?? '') : ''
      const known = parts.get(definition.kind + name) ?? []
      // The owner of a type speaks first: its descriptions are kept.
      parts.set(definition.kind + name, name in references ? [definition, ...known] : [...known, definition])
    }
  }
  return { kind: Kind.DOCUMENT, definitions: [...parts.values()].map((same) => same.reduce(mergeTwo)) }
}

function mergeTwo(a: DefinitionNode, b: DefinitionNode): DefinitionNode {
  const haveFields = a.kind === Kind.OBJECT_TYPE_DEFINITION || a.kind === Kind.INTERFACE_TYPE_DEFINITION
  if (haveFields && (b.kind === Kind.OBJECT_TYPE_DEFINITION || b.kind === Kind.INTERFACE_TYPE_DEFINITION)) {
    return { ...a, fields: mergeFields(a.name.value, a.fields ?? [], b.fields ?? []) }
  }
  if (print(a) !== print(b)) throw new Error(`Two subgraphs disagree:\n${print(a)}\n${print(b)}`)
  return a
}

function mergeFields(
  type: string,
  a: readonly FieldDefinitionNode[],
  b: readonly FieldDefinitionNode[],
): FieldDefinitionNode[] {
  const fields = new Map(a.map((field) => [field.name.value, field]))
  for (const field of b) {
    const known = fields.get(field.name.value) ?? field
    if (shapeOf(known) !== shapeOf(field))
      throw new Error(`${type} has two shapes: ${shapeOf(known)} and ${shapeOf(field)}`)
    fields.set(field.name.value, known)
  }
  return [...fields.values()]
}

const shapeOf = (field: FieldDefinitionNode): string =>
  print(visit(field, { StringValue: () => null, Directive: () => null }))

function mergeResolvers(subgraphs: readonly Subgraph[]): ResolverMap {
  const owners = ownersOf(subgraphs)
  const merged: ResolverMap = {}
  for (const subgraph of subgraphs) {
    for (const type of Object.values(subgraph.schema.getTypeMap())) {
      const own = isObjectType(type)
        ? fieldsOf(type, subgraph, subgraphs, owners)
        : subgraph.resolvers[type.name]
      const known = merged[type.name]
      if (!isObjectType(type)) merged[type.name] ??= own ?? {}
      else merged[type.name] = type.name in subgraph.references ? { ...known, ...own } : { ...own, ...known }
    }
  }
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value && Object.keys(value).length > 0),
  )
}

function ownersOf(subgraphs: readonly Subgraph[]): References {
  const owners: Record<string, References[string]> = {}
  for (const [type, complete] of subgraphs.flatMap(({ references }) => Object.entries(references))) {
    if (owners[type]) throw new Error(`${type} has two owners`)
    owners[type] = complete
  }
  return owners
}

/** A type's resolvers in one subgraph; those that may answer with another's entity have it completed. */
function fieldsOf(
  type: GraphQLObjectType,
  subgraph: Subgraph,
  subgraphs: readonly Subgraph[],
  owners: References,
): object {
  const fields: Record<string, unknown> = { ...subgraph.resolvers[type.name] }
  for (const field of Object.values(type.getFields())) {
    const foreign = objectTypes(subgraph.schema, getNamedType(field.type))
      .map(({ name }) => name)
      .filter((name) => name in owners && !(name in subgraph.references))
    if (foreign.length === 0) continue
    const resolve = (field.resolve ?? defaultFieldResolver) as Resolver
    fields[field.name] = completed(resolve, foreign, owners, keyFields(foreign, subgraphs))
  }
  return fields
}

const objectTypes = (schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] => {
  if (isAbstractType(type)) return schema.getPossibleTypes(type)
  return isObjectType(type) ? [type] : []
}

/** The fields that a reference answers by itself: the key, and what only subgraphs other than the owner declare. */
function keyFields(entities: readonly string[], subgraphs: readonly Subgraph[]): (field: string) => boolean {
  const known = entities.map((name) => {
    const types = subgraphs
      .filter(({ references }) => !(name in references))
      .map(({ schema }) => schema.getType(name))
    return new Set(types.flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : [])))
  })
  return (field) => field === '__typename' || known.every((names) => names.has(field))
}
