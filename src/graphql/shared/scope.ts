import {
  DirectiveLocation,
  GraphQLDirective,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLObjectType,
  GraphQLString,
  Kind,
} from 'graphql'
import { Directive } from 'type-graphql'
import type { Context } from './context'
import { forbidden } from './errors'

export type Scope = 'read' | 'write' | 'admin'

/** Tells in the schema which scope a credential needs for a field. */
export const scopeDirective = new GraphQLDirective({
  name: 'scope',
  description: 'The scope that the caller\'s credential needs: "read", "write" or "admin".',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { needs: { type: new GraphQLNonNull(GraphQLString) } },
})

/** Tells the scope of a field in the schema; `guardFields` enforces what the schema tells. */
export const Needs =
  (scope: Scope): MethodDecorator & PropertyDecorator =>
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    Directive(`@scope(needs: "${scope}")`)(target, key, descriptor as TypedPropertyDescriptor<unknown>)
  }

/** The scope that the schema tells of a field; null: none of its own. */
export function scopeOf({ astNode }: Pick<GraphQLField<unknown, unknown>, 'astNode'>): Scope | null {
  const directive = astNode?.directives?.find(({ name }) => name.value === scopeDirective.name)
  const value = directive?.arguments?.find(({ name }) => name.value === 'needs')?.value
  return value?.kind === Kind.STRING ? (value.value as Scope) : null
}

/** Puts the check of its scope before each field of a type that has one: the only place where scopes of fields are checked. */
export function guardFields(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const scope = scopeOf(field)
    if (!scope) continue
    const { resolve = (row: Record<string, unknown>) => row[field.name] } = field
    // Not asynchronous: a list has many of them.
    field.resolve = (row, args, context: Context, info) => {
      assertScope(context, scope)
      return resolve(row, args, context, info)
    }
  }
}

/** Scopes do not imply one another: a key has exactly those its setup lists. Throws FORBIDDEN unless the caller's credential has the scope. */
export function assertScope({ caller }: Pick<Context, 'caller'>, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw forbidden(scope)
}
