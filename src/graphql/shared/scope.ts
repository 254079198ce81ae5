import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLString } from 'graphql'
import { type AuthChecker, Authorized, Directive } from 'type-graphql'
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

/** Enforces a scope on a field and tells it in the schema. */
export const Needs =
  (scope: Scope): MethodDecorator & PropertyDecorator =>
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    Authorized<Scope>(scope)(target, key, descriptor as TypedPropertyDescriptor<unknown>)
    Directive(`@scope(needs: "${scope}")`)(target, key, descriptor as TypedPropertyDescriptor<unknown>)
  }

/** Scopes do not imply one another: a key has exactly those its setup lists. */
export const checkScope: AuthChecker<Context, Scope> = ({ context }, scopes) => {
  for (const scope of scopes) assertScope(context, scope)
  return true
}

/** Throws FORBIDDEN unless the caller's credential has the scope. */
export function assertScope({ caller }: Pick<Context, 'caller'>, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw forbidden(scope)
}
