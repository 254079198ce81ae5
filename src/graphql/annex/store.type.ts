import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { Node } from './node.type'

/** Core's: here it is only named. */
@ObjectType('Store', { implements: Node, simpleResolvers: true })
@Directive('@key(fields: "id", resolvable: false)')
export class Store {
  @Field(() => ID)
  readonly id!: string
}
