import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import type { Store } from '../../domain/programs/store'
import { Connection, connectionType, cursorBy } from '../shared/connection'
import { cursorCodec, isSequence } from '../shared/cursor'
import { After, First, pageRequest } from '../shared/page-args'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { StoreType } from './store.type'

const StoreConnection = connectionType('Store', () => StoreType)
const storeCursors = cursorCodec('stores', isSequence)
const storeCursor = cursorBy<Store>(storeCursors, ({ id }) => id)

@Resolver()
export class StoreResolver {
  @Query(() => StoreConnection, { description: 'The stores of the setup, in the order of their numbers.' })
  @Needs('read')
  async stores(
    @Ctx() { stores, caller }: CoreContext,
    @First() first: number,
    @After() after?: string | null,
    @Arg('door', () => String, {
      nullable: true,
      description: 'Only those that the setup of this door names: "annex" or "capillary".',
    })
    door?: string | null,
  ) {
    const request = pageRequest(first, after, storeCursors)
    const page = await stores.shops.page(caller.tenant.id, { ...request, door: door ?? null })
    return new Connection(page, request, storeCursor)
  }
}
