import { Field, ID, InterfaceType } from 'type-graphql'

@InterfaceType('Node', { description: 'Anything that can be asked for again by its id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string
}
