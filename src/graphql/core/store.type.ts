import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Store } from '../../domain/programs/store'
import { Node } from './node.type'

@ObjectType('Store', { implements: Node, simpleResolvers: true, description: 'A shop.' })
@Directive('@key(fields: "id")')
export class StoreType implements Pick<Store, 'door' | 'code' | 'name' | 'externalIds'> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => String, { description: 'The door whose setup named it: "annex" or "capillary".' })
  readonly door!: string

  @Field(() => String, { description: 'Its code at that door.' })
  readonly code!: string

  @Field(() => String, { description: 'For people.' })
  readonly name!: string

  @Field(() => [String], { description: 'What other systems call it.' })
  readonly externalIds!: readonly string[]
}
