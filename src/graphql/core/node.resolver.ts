import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { badInput } from '../shared/errors'
import type { NodeKey } from '../shared/global-id'
import { MAX_PAGE_SIZE } from '../shared/page-args'
import { Needs } from '../shared/scope'
import { anyId } from '../shared/choose'
import { coreEntities } from './entities'
import type { CoreContext } from './loaders'
import { Node } from './node.type'
import { KIND_OF_TYPE, purchaseReference } from './purchase.type'

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Anything by its id; null when there is no such thing.' })
  @Needs('read')
  async node(
    @Arg('id', () => ID, { description: 'Any id that this graph gave.' }) id: string,
    @Ctx() context: CoreContext,
  ) {
    return find(anyId(id, 'id'), context)
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `Things by their ids, at most ${MAX_PAGE_SIZE}, in the order asked; null where there is no such thing.`,
  })
  @Needs('read')
  async nodes(
    @Arg('ids', () => [ID], { description: 'Ids that this graph gave.' }) ids: readonly string[],
    @Ctx() context: CoreContext,
  ) {
    if (ids.length > MAX_PAGE_SIZE) throw badInput({ path: 'ids', message: `takes at most ${MAX_PAGE_SIZE}` })
    const keys = ids.map((id, index) => anyId(id, `ids.${index}`))
    return Promise.all(keys.map((key) => find(key, context)))
  }
}

/** Another subgraph's entity is answered by reference, which must exist: the index of purchases knows. */
async function find({ type, id }: NodeKey, context: CoreContext): Promise<object | null> {
  const kind = KIND_OF_TYPE[type]
  if (kind) {
    const entry = await context.loaders.purchaseByKey.load({ kind, id })
    return entry && purchaseReference(entry)
  }
  if (!isCoreEntity(type)) return null
  const row = await coreEntities[type](id, context)
  return row && { ...row, __typename: type }
}

const isCoreEntity = (type: string): type is keyof typeof coreEntities => Object.hasOwn(coreEntities, type)
