import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql'
import { MemberNotFound } from '../../domain/members/errors'
import type { Member } from '../../domain/members/member'
import type { PointsActivity } from '../../domain/points/activity'
import { MAIN_CURRENCY } from '../../domain/points/ledger'
import type { MemberId } from '../../domain/shared/ids'
import { idOfType } from '../shared/choose'
import { masked } from '../shared/errors'
import type { Change, Following } from '../shared/member-feed'
import { assertScope, Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { MemberType } from './member.type'
import { PointsActivityType } from './points-activity.type'

interface Subscribing {
  readonly args: { readonly memberId?: string }
  readonly context: unknown
}

const OfMember = () => Arg('memberId', () => ID, { description: 'Whose: the id of a Member.' })

/** Every read of a journal on behalf of a stream. */
const AT_A_TIME = 100

@Resolver()
export class StreamsResolver {
  @Subscription(() => PointsActivityType, {
    description:
      "Each new entry of a member's wallet, whatever door made it, in the order of the journal, each once. Streamed at /graphql/stream.",
    subscribe: (asked: Subscribing) => activitiesOf(asked) as never,
  })
  @Needs('read')
  pointsActivityAdded(@Root() entry: PointsActivity, @OfMember() _memberId: string): PointsActivity {
    return entry
  }

  @Subscription(() => MemberType, {
    description:
      'The member, whenever something of it has changed: profile, status, identities, tier, group, wallet or spend. What happens at one time is told once. Streamed at /graphql/stream.',
    subscribe: (asked: Subscribing) => changesOf(asked) as never,
  })
  @Needs('read')
  memberChanged(@Root() member: Pick<Member, 'id'>, @OfMember() _memberId: string): Pick<Member, 'id'> {
    return member
  }
}

const activitiesOf = async (asked: Subscribing): Promise<AsyncIterableIterator<PointsActivity>> => {
  const { context, following, member } = await followed(asked)
  const { tenant } = context.caller
  const wallet = {
    memberId: member.id,
    programId: tenant.setup.defaultProgram.id,
    currency: MAIN_CURRENCY,
    first: AT_A_TIME,
  }
  const { activities } = context.stores
  const [newest] = await activities.pagesOf(tenant.id, [{ ...wallet, first: 1, after: null }])
  let after = newest?.rows[0]?.seq ?? null
  return stream(following, async ({ wallet: moved }) => {
    if (!moved) return []
    const found: PointsActivity[] = []
    for (let more = true; more;) {
      const [page] = await activities.oldestPagesOf(tenant.id, [{ ...wallet, after }])
      found.push(...(page?.rows ?? []))
      after = found.at(-1)?.seq ?? after
      more = page?.hasNext ?? false
    }
    return found
  })
}

const changesOf = async (asked: Subscribing): Promise<AsyncIterableIterator<Member>> => {
  const { context, following, member } = await followed(asked)
  const { stores, caller } = context
  return stream(following, () => stores.members.findByIds(caller.tenant.id, [member.id]))
}

/** Who is followed, if the caller may see them. Refusals and accidents are told as everywhere. */
async function followed({ args, context }: Subscribing) {
  const own = context as CoreContext
  try {
    assertScope(own, 'read')
    const id = idOfType('Member', args.memberId ?? '', 'memberId') as MemberId
    const [member] = await own.stores.members.findByIds(own.caller.tenant.id, [id])
    if (!member) throw new MemberNotFound({ type: 'id', value: id })
    return { context: own, member, following: await own.feed.follow(own.caller.tenant.id, id) }
  } catch (error) {
    throw masked(error, own)
  }
}

/**
 * What is read at each change, one by one. Not a generator: one that waits for the next change could not be ended before
 * that change comes.
 */
function stream<Item>(
  following: Following,
  read: (change: Change) => Promise<readonly Item[]>,
): AsyncIterableIterator<Item> {
  let ready: readonly Item[] = []
  const end = (): Promise<IteratorResult<Item>> => {
    following.close()
    return Promise.resolve({ done: true, value: undefined })
  }
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      while (ready.length === 0) {
        const change = await following.next()
        if (!change) return { done: true, value: undefined }
        ready = await read(change)
      }
      const [value, ...rest] = ready
      ready = rest
      return { done: false, value: value as Item }
    },
    return: end,
    throw: end,
  }
}
