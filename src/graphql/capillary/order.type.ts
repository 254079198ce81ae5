import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Order as DomainOrder } from '../../domain/orders/order'
import { Node } from './node.type'

/** Another subgraph's: here it has what tills took back of it, read by nothing but its key. */
@ObjectType('Order', { implements: Node, simpleResolvers: true })
@Directive('@key(fields: "id")')
export class Order {
  @Field(() => ID)
  readonly id!: string
}

export type OrderKey = Pick<DomainOrder, 'id'>
