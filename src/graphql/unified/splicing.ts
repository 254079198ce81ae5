import { mapSchema, MapperKind } from '@graphql-tools/utils'
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLFieldConfig,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  Kind,
  type NameNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Context } from '../shared/context'
import { masked } from '../shared/errors'
import { JsonTextScalar } from '../shared/json-text'
import { assertScope, scopeOf } from '../shared/scope'
import { plainSelection, type Splice, type Splices } from '../shared/splice'
import { fragmentsOf, tellingAhead, type Twin } from './ahead'

/** How documents are run so that what can be had as text is. */
export interface Splicing {
  /** The schema, and beside each field that can be text a twin that is. Never shown to a client. */
  readonly schema: GraphQLSchema
  /** The document, with twins in place of the fields whose selection is plain. */
  readonly rewrite: (document: DocumentNode) => DocumentNode
}

const twinOf = (field: string): string => `${field}__text`

/** What each field of a rewritten document takes, as long as the document is. Executors copy nodes, but not names. */
type Plans = WeakMap<NameNode, unknown>

export function splicing(schema: GraphQLSchema, splices: Splices): Splicing {
  const plans: Plans = new WeakMap()
  return {
    schema: mapSchema(schema, {
      [MapperKind.OBJECT_TYPE]: (type) => withTwins(type, splices[type.name] ?? {}, plans),
    }),
    rewrite: (document) => rewritten(document, schema, splices, plans),
  }
}

function withTwins(
  type: GraphQLObjectType,
  splices: Readonly<Record<string, Splice>>,
  plans: Plans,
): GraphQLObjectType {
  const config = type.toConfig()
  const twins = Object.entries(splices).flatMap(([name, splice]) => {
    const field = config.fields[name]
    return field ? [[twinOf(name), twin(field, splice, plans)] as const] : []
  })
  return twins.length === 0
    ? type
    : new GraphQLObjectType({ ...config, fields: { ...config.fields, ...Object.fromEntries(twins) } })
}

function twin(
  { type, args = {}, astNode }: GraphQLFieldConfig<unknown, unknown>,
  splice: Splice,
  plans: Plans,
): GraphQLFieldConfig<unknown, Context<never>> {
  const scope = scopeOf({ astNode })
  return {
    type: isNonNullType(type) ? new GraphQLNonNull(JsonTextScalar) : JsonTextScalar,
    args,
    async resolve(parent, given, context, { fieldNodes }) {
      const name = fieldNodes[0]?.name
      try {
        if (scope) assertScope(context, scope)
        return await splice.resolve(parent as never, given as never, context, name && plans.get(name))
      } catch (error) {
        throw masked(error, context)
      }
    },
  }
}

/** A field and its splice, where the document has one. */
interface Candidate {
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
  readonly plan: unknown
}

function rewritten(
  document: DocumentNode,
  schema: GraphQLSchema,
  splices: Splices,
  plans: Plans,
): DocumentNode {
  const candidates = candidatesOf(document, schema, splices)
  if (candidates.size === 0) return document
  const twins = new Map<FieldNode, Twin>()
  const withTexts = visit(document, {
    Field(node) {
      const candidate = candidates.get(node)
      if (!candidate) return undefined
      const { selectionSet: _written, ...rest } = node
      const name: NameNode = { kind: Kind.NAME, value: twinOf(node.name.value) }
      plans.set(name, candidate.plan)
      const text = { ...rest, name, alias: node.alias ?? node.name }
      twins.set(text, { ...candidate, node: text })
      return text
    },
  })
  return tellingAhead(withTexts, splices, twins)
}

/**
 * The fields that can be text. Where one name of the answer is asked for in several places, their selections may be one
 * object's: those are left to the ordinary way.
 */
function candidatesOf(
  document: DocumentNode,
  schema: GraphQLSchema,
  splices: Splices,
): ReadonlyMap<FieldNode, Candidate> {
  const fragments = fragmentsOf(document)
  const byKey = new Map<string, (Candidate | null)[]>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const [parent, field] = [types.getParentType(), types.getFieldDef()]
        const splice = parent && splices[parent.name]?.[node.name.value]
        if (!splice || !field) return
        const key = (node.alias ?? node.name).value
        const type = getNamedType(field.type)
        const selection = isObjectType(type) ? plainSelection([node], type, fragments) : null
        const plan = selection && splice.plan(selection)
        byKey.set(key, [...(byKey.get(key) ?? []), plan === null ? null : { node, field, plan }])
      },
    }),
  )
  return new Map(
    [...byKey.values()].flatMap(([first, ...others]) =>
      first && others.length === 0 ? [[first.node, first] as const] : [],
    ),
  )
}
