import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Member as DomainMember } from '../../domain/members/member'
import { Node } from './node.type'

/** Core's: here it has what this subgraph adds, read by nothing but its key. */
@ObjectType('Member', { implements: Node, simpleResolvers: true })
@Directive('@key(fields: "id")')
export class Member {
  @Field(() => ID)
  readonly id!: string
}

export type MemberKey = Pick<DomainMember, 'id'>
