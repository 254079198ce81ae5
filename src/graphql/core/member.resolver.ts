import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import type { Member } from '../../domain/members/member'
import type { PurchaseKind } from '../../domain/purchases/purchase'
import type { EntryKind } from '../../domain/points/activity'
import type { MemberId, StoreId } from '../../domain/shared/ids'
import type { ClientInstant } from '../../domain/shared/instant'
import type { Period } from '../../domain/shared/pages'
import { ZERO_AMOUNT } from '../../domain/shared/money'
import { progressToNextTier } from '../../domain/tiers/evaluate-tier'
import { Connection, cursorBy } from '../shared/connection'
import { cursorCodec, isSequence } from '../shared/cursor'
import { money, moneyOrNull, MoneyType } from '../shared/money.type'
import { After, First, From, pageRequest, periodOf, Until } from '../shared/page-args'
import { purchaseCursor, purchaseCursors } from '../shared/purchase-pages'
import { Needs } from '../shared/scope'
import { exactlyOne, idOfType } from '../shared/choose'
import { IdentityInput, toIdentityKey } from '../shared/identity.input'
import type { CoreContext } from './loaders'
import { IdentityType, MemberConnection, MemberType, TierProgressType } from './member.type'
import { PointsActivityConnection, PointsActivityKind } from './points-activity.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'
import { PurchaseConnection, PurchaseKindEnum, purchaseReference } from './purchase.type'
import { TierType } from './tier.type'

const memberCursors = cursorCodec('members', isSequence)
const memberCursor = cursorBy<Member>(memberCursors, ({ id }) => id)
const activityCursors = cursorCodec('activities', isSequence)
const activityCursor = cursorBy<{ seq: string }>(activityCursors, ({ seq }) => seq)

@Resolver(() => MemberType)
export class MemberResolver {
  @Query(() => MemberType, {
    nullable: true,
    description: 'A member by exactly one of id and identity; null when there is none.',
  })
  @Needs('read')
  async member(
    @Ctx() { loaders }: CoreContext,
    @Arg('id', () => ID, { nullable: true, description: 'The id of a Member.' }) id?: string | null,
    @Arg('identity', () => IdentityInput, { nullable: true, description: 'How a door knows the member.' })
    identity?: IdentityInput | null,
  ) {
    const chosen = exactlyOne({ id, identity })
    return chosen.name === 'id'
      ? loaders.memberById.load(idOfType('Member', chosen.value, 'id') as MemberId)
      : loaders.memberByIdentity.load(toIdentityKey(chosen.value))
  }

  @Query(() => MemberConnection, { description: 'All members, in the order of their numbers.' })
  @Needs('read')
  async members(
    @Ctx() { stores, caller }: CoreContext,
    @First() first: number,
    @After() after?: string | null,
  ) {
    const request = pageRequest(first, after, memberCursors)
    return new Connection(await stores.members.page(caller.tenant.id, request), request, memberCursor)
  }

  @FieldResolver(() => [IdentityType], {
    description: 'How doors know the member, in the order they were added.',
  })
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
  async tierProgress(@Root() { id, tierId }: MemberRow, @Ctx() { loaders, caller }: CoreContext) {
    const { currency, defaultProgram } = caller.tenant.setup
    const [membership, statement] = await Promise.all([
      loaders.membershipOf.load(id),
      loaders.statementOf.load(id),
    ])
    const current = defaultProgram.tiers.find((tier) => tier.id === tierId) ?? null
    const standing = {
      lifetime: (statement ?? EMPTY_WALLET).lifetime,
      spend: membership?.spend ?? ZERO_AMOUNT,
    }
    const progress = progressToNextTier(defaultProgram.tiers, current, standing)
    return progress && { ...progress, spendMissing: moneyOrNull(progress.spendMissing, currency) }
  }

  @FieldResolver(() => MoneyType, {
    description: 'What the member has spent in the default program, in the currency of the tenant.',
  })
  async spend(@Root() { id }: MemberRow, @Ctx() { loaders, caller }: CoreContext) {
    const membership = await loaders.membershipOf.load(id)
    return money(membership?.spend ?? ZERO_AMOUNT, caller.tenant.setup.currency)
  }

  @FieldResolver(() => PointsBalanceType, {
    description: "The member's wallet in the default program's main currency.",
  })
  async points(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return (await loaders.statementOf.load(id)) ?? EMPTY_WALLET
  }

  @FieldResolver(() => PointsActivityConnection, { description: "The wallet's journal, newest first." })
  async activities(
    @Root() { id }: MemberRow,
    @Ctx() { loaders }: CoreContext,
    @First() first: number,
    @After() after?: string | null,
    @Arg('kinds', () => [PointsActivityKind], {
      nullable: true,
      description: 'Only these kinds; absent: all.',
    })
    kinds?: readonly EntryKind[] | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
  ) {
    const request = pageRequest(first, after, activityCursors)
    const period = periodOf(from, until)
    const only = period || kinds ? { ...(period ?? ALWAYS), kinds: kinds ?? null } : null
    return new Connection(
      await loaders.activityPages.load({ memberId: id, ...request, ...(only && { only }) }),
      request,
      activityCursor,
    )
  }

  @FieldResolver(() => PurchaseConnection, {
    description: 'What the member bought through any door, newest first.',
  })
  async purchases(
    @Root() { id }: MemberRow,
    @Ctx() { loaders }: CoreContext,
    @First() first: number,
    @After() after?: string | null,
    @Arg('kind', () => PurchaseKindEnum, { nullable: true, description: 'Only this kind; absent: all.' })
    kind?: PurchaseKind | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'Only what was booked on this Store.' })
    storeId?: string | null,
  ) {
    const request = pageRequest(first, after, purchaseCursors)
    const period = periodOf(from, until)
    const store = storeId ? (idOfType('Store', storeId, 'storeId') as StoreId) : null
    const only = period || store ? { ...(period ?? ALWAYS), storeId: store } : null
    const { rows, hasNext } = await loaders.purchasePages.load({
      memberId: id,
      kind: kind ?? null,
      ...request,
      ...(only && { only }),
    })
    const page = { hasNext, rows: rows.map((entry) => ({ ...entry, ...purchaseReference(entry) })) }
    return new Connection(page, request, purchaseCursor)
  }
}

const ALWAYS: Period = { from: null, until: null }

type MemberRow = Pick<Member, 'id' | 'tierId'>
