import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { Node } from './node.type'

/** Core's: here it is only named. */
@ObjectType('Group', { implements: Node, simpleResolvers: true })
@Directive('@key(fields: "id", resolvable: false)')
export class Group {
  @Field(() => ID)
  readonly id!: string
}
