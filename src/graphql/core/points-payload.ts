import { type ClassType, Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql'
import type { LoyaltyDeps } from '../../domain/loyalty'
import type { Group } from '../../domain/members/group'
import type { Member } from '../../domain/members/member'
import type { Movement } from '../../domain/points/ledger'
import { perform, type Show } from '../shared/perform'
import { orUserErrors, UserError } from '../shared/user-error.type'
import { type CoreContext, coreLoaders, type CoreLoaders } from './loaders'
import { MemberType } from './member.type'
import { PointsActivityType } from './points-activity.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'

/** Whose points moved, and how: one of member and group gave, or was given to. */
export interface Moved {
  readonly member?: Member
  readonly group?: Group
  readonly movement: Movement
  readonly recipient?: Member
  readonly recipientGroup?: Group
}

/** What a movement answers: its use case's answer, or nothing but user errors. */
export type PointsPayload = Partial<Moved> & { readonly userErrors: readonly UserError[] }

export function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class Payload {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]
  }
  return Payload
}

/** What was asked for of the answer is read after the commit; the payload itself only says what moved. */
export function pointsPayloadResolver(type: ClassType) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => PointsActivityType, {
      nullable: true,
      description: 'The entry it made; null when refused, or when nothing was left to move.',
    })
    activity(@Root() { movement }: PointsPayload, @Ctx() { loaders }: CoreContext) {
      return movement?.seq
        ? loaders.activityByKey.load({ accountId: movement.accountId, seq: movement.seq })
        : null
    }

    @FieldResolver(() => PointsBalanceType, {
      nullable: true,
      description: 'The wallet now; null when refused.',
    })
    async balance(@Root() { member, group }: PointsPayload, @Ctx() { loaders }: CoreContext) {
      if (member) return (await loaders.statementOf.load(member.id)) ?? EMPTY_WALLET
      return group ? ((await loaders.groupStatementOf.load(group.id)) ?? EMPTY_WALLET) : null
    }

    @FieldResolver(() => MemberType, {
      nullable: true,
      description: "Whose points moved; null when refused, or when they were a group's.",
    })
    member(@Root() { member }: PointsPayload, @Ctx() { loaders }: CoreContext) {
      return member ? loaders.memberById.load(member.id) : null
    }
  }
  return PayloadResolver
}

/** Carries a movement out, or rehearses it. */
export const moved = (
  context: CoreContext,
  { dryRun }: { readonly dryRun: boolean },
  work: (loyalty: LoyaltyDeps) => Promise<Moved>,
): Promise<PointsPayload> =>
  orUserErrors(perform(context, { work, dryRun, look: lookAtMovement, loadersOn: coreLoaders }))

/** The payload's fields may ask for these. */
async function lookAtMovement(
  show: Show<CoreLoaders>,
  { member, group, movement, recipient, recipientGroup }: Moved,
): Promise<void> {
  const { accountId, seq } = movement
  if (seq !== null) {
    const key = { accountId, seq }
    await show('activityByKey', key)
    await show('sourcesOf', key)
    await show('allocationsOf', key)
    await show('spendingByKey', key)
  }
  for (const { id } of [member, recipient].filter((one) => one !== undefined)) await lookAtMember(show, id)
  for (const { id } of [group, recipientGroup].filter((one) => one !== undefined))
    await show('groupStatementOf', id)
}

export async function lookAtMember(show: Show<CoreLoaders>, id: Member['id']): Promise<void> {
  await show('memberById', id)
  await show('membershipOf', id)
  await show('identitiesOf', id)
  await show('statementOf', id)
  await show('groupOf', id)
}
