import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql'
import type { Member, MemberStatus } from '../../domain/members/member'
import type { MemberOrder, MemberPageRequest } from '../../domain/members/member-store'
import type { PurchaseKind, PurchaseStatus } from '../../domain/purchases/purchase'
import type { EntryKind } from '../../domain/points/activity'
import type { MemberId, TierId } from '../../domain/shared/ids'
import type { ClientInstant } from '../../domain/shared/instant'
import type { Period } from '../../domain/shared/pages'
import { ZERO_AMOUNT } from '../../domain/shared/money'
import { progressToNextTier } from '../../domain/tiers/evaluate-tier'
import { isAsked } from '../shared/asked'
import { Connection, cursorBy } from '../shared/connection'
import { cursorCodec, isInstantText, isSequence } from '../shared/cursor'
import { money, moneyOrNull, MoneyType } from '../shared/money.type'
import {
  After,
  First,
  From,
  InStore,
  type ListOrder,
  OrderBy,
  pageRequest,
  periodOf,
  Until,
} from '../shared/page-args'
import { purchaseCursor, purchasePage, WithStatus } from '../shared/purchase-pages'
import { DateTimeScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { exactlyOne, idOfType } from '../shared/choose'
import { IdentityInput, toIdentityKey } from '../shared/identity.input'
import { activityCursors, activityRequest } from './activity-page'
import { isJournalAhead, membersWithJournals } from './activity-text'
import type { CoreContext } from './loaders'
import {
  IdentityType,
  MemberConnection,
  MemberStatusEnum,
  MemberType,
  OrderOfMembers,
  TierProgressType,
} from './member.type'
import { PointsActivityConnection, PointsActivityKind } from './points-activity.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'
import { PurchaseConnection, PurchaseKindEnum, purchaseReference } from './purchase.type'
import { TierType } from './tier.type'

const memberCursors = cursorCodec('members', isSequence)
const memberCursor = cursorBy<Member>(memberCursors, ({ id }) => id)
const joiningCursors = cursorCodec('joining', (text) => {
  const [joinedAt = '', id = '', ...more] = text.split('|')
  return isInstantText(joinedAt) && isSequence(id) && more.length === 0
})
const joiningCursor = cursorBy<Member>(joiningCursors, ({ joinedAt, id }) => `${joinedAt}|${id}`)
const activityCursor = cursorBy<{ seq: string }>(activityCursors, ({ seq }) => seq)

@Resolver(() => MemberType)
export class MemberResolver {
  @Query(() => MemberType, {
    nullable: true,
    description: 'A member by exactly one of id and identity; null when there is none.',
  })
  @Needs('read')
  async member(
    @Ctx() context: CoreContext,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { nullable: true, description: 'The id of a Member.' }) id?: string | null,
    @Arg('identity', () => IdentityInput, { nullable: true, description: 'How a door knows the member.' })
    identity?: IdentityInput | null,
  ) {
    const { loaders } = context
    const chosen = exactlyOne({ id, identity })
    if (chosen.name === 'identity') return loaders.memberByIdentity.load(toIdentityKey(chosen.value))
    const number = idOfType('Member', chosen.value, 'id') as MemberId
    if (!isJournalAhead(info)) return loaders.memberById.load(number)
    const { rows } = await membersWithJournals(context, onlyMember(number), info)
    return rows[0] ?? null
  }

  @Query(() => MemberConnection, { description: 'Members: all, or those that every argument fits.' })
  @Needs('read')
  async members(
    @Ctx() context: CoreContext,
    @Info() info: GraphQLResolveInfo,
    @First() first: number,
    @OrderOfMembers() orderBy: MemberOrder,
    @After() after?: string | null,
    @Arg('status', () => MemberStatusEnum, { nullable: true, description: 'Only who has this status.' })
    status?: MemberStatus | null,
    @Arg('tierId', () => ID, {
      nullable: true,
      description: 'Only who is in this Tier of the default program.',
    })
    tierId?: string | null,
    @Arg('identity', () => String, {
      nullable: true,
      description:
        'Only who has this identity at whatever door: an e-mail address, a mobile number, a card number.',
    })
    identity?: string | null,
    @Arg('joinedFrom', () => DateTimeScalar, {
      nullable: true,
      description: 'Only who joined then or later.',
    })
    joinedFrom?: ClientInstant | null,
    @Arg('joinedUntil', () => DateTimeScalar, { nullable: true, description: 'Only who joined before.' })
    joinedUntil?: ClientInstant | null,
  ) {
    const cursors = orderBy === 'NUMBER' ? memberCursors : joiningCursors
    const request = pageRequest(first, after, cursors)
    const tier = tierId ? (idOfType('Tier', tierId, 'tierId') as TierId) : null
    const only = {
      ...(periodOf(joinedFrom, joinedUntil) ?? ALWAYS),
      status: status ?? null,
      tierId: tier,
      identity: identity ?? null,
    }
    const looksBeyond = isAsked('pageInfo', info)
    const page = await membersWithJournals(context, { ...request, order: orderBy, only, looksBeyond }, info)
    return new Connection(page, request, orderBy === 'NUMBER' ? memberCursor : joiningCursor)
  }

  @FieldResolver(() => [IdentityType], {
    description: 'How doors know the member, in the order they were added.',
  })
  @Needs('read')
  identities(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return loaders.identitiesOf.load(id)
  }

  @FieldResolver(() => TierType, {
    nullable: true,
    description: 'The tier in the default program; null: in none.',
  })
  tier(@Root() { tierId }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return tierId && loaders.tierById.load(tierId)
  }

  @FieldResolver(() => TierProgressType, {
    nullable: true,
    description: 'The way to the next tier; null at the top.',
  })
  @Needs('read')
  async tierProgress(@Root() { id, tierId }: MemberRow, @Ctx() { loaders, caller }: CoreContext) {
    const { currency, defaultProgram } = caller.tenant.setup
    const [membership, statement, period] = await Promise.all([
      loaders.membershipOf.load(id),
      loaders.statementOf.load(id),
      loaders.periodOf.load(id),
    ])
    const current = defaultProgram.tiers.find((tier) => tier.id === tierId) ?? null
    const standing = {
      lifetime: (statement ?? EMPTY_WALLET).lifetime,
      spend: membership?.spend ?? ZERO_AMOUNT,
      period,
    }
    const progress = progressToNextTier(defaultProgram.tiers, current, standing)
    return progress && { ...progress, spendMissing: moneyOrNull(progress.spendMissing, currency) }
  }

  @FieldResolver(() => MoneyType, {
    description: 'What the member has spent in the default program, in the currency of the tenant.',
  })
  @Needs('read')
  async spend(@Root() { id }: MemberRow, @Ctx() { loaders, caller }: CoreContext) {
    const membership = await loaders.membershipOf.load(id)
    return money(membership?.spend ?? ZERO_AMOUNT, caller.tenant.setup.currency)
  }

  @FieldResolver(() => PointsBalanceType, {
    description: "The member's wallet in the default program's main currency.",
  })
  @Needs('read')
  async points(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return (await loaders.statementOf.load(id)) ?? EMPTY_WALLET
  }

  @FieldResolver(() => PointsActivityConnection, { description: "The wallet's journal." })
  @Needs('read')
  async activities(
    @Root() { id }: MemberRow,
    @Ctx() { loaders }: CoreContext,
    @First() first: number,
    @OrderBy() orderBy: ListOrder,
    @After() after?: string | null,
    @Arg('kinds', () => [PointsActivityKind], {
      nullable: true,
      description: 'Only these kinds; absent: all.',
    })
    kinds?: readonly EntryKind[] | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
  ) {
    const request = activityRequest({ first, after, kinds, from, until })
    const loader = orderBy === 'OLDEST' ? loaders.oldestActivityPages : loaders.activityPages
    return new Connection(await loader.load({ memberId: id, ...request }), request, activityCursor)
  }

  @FieldResolver(() => PurchaseConnection, { description: 'What the member bought through any door.' })
  @Needs('read')
  async purchases(
    @Root() { id }: MemberRow,
    @Ctx() { loaders }: CoreContext,
    @First() first: number,
    @OrderBy() orderBy: ListOrder,
    @After() after?: string | null,
    @Arg('kind', () => PurchaseKindEnum, { nullable: true, description: 'Only this kind; absent: all.' })
    kind?: PurchaseKind | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
    @InStore() storeId?: string | null,
    @WithStatus() status?: PurchaseStatus | null,
  ) {
    const asked = { kind: kind ?? null, first, after, from, until, storeId, status, orderBy }
    const { request, page } = await purchasePage(loaders, id, asked)
    const rows = page.rows.map((entry) => ({ ...entry, ...purchaseReference(entry) }))
    return new Connection({ rows, hasNext: page.hasNext }, request, purchaseCursor)
  }
}

const ALWAYS: Period = { from: null, until: null }

const onlyMember = (id: MemberId): Omit<MemberPageRequest, 'programId'> => ({
  first: 1,
  after: null,
  order: 'NUMBER',
  looksBeyond: false,
  only: { ...ALWAYS, id, status: null, tierId: null, identity: null },
})

export type MemberRow = Pick<Member, 'id' | 'tierId'>
