import { randomUUID } from 'node:crypto'
import {
  Arg,
  type ClassType,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { awardPoints, type PointsMoved } from '../../domain/points/award-points'
import { redeemPoints } from '../../domain/points/redeem-points'
import { Needs } from '../shared/scope'
import { exactlyOne } from './choose'
import type { CoreContext } from './loaders'
import { MemberType } from './member.type'
import { AwardPointsInput, memberRefOf, RedeemPointsInput } from './points.input'
import { PointsActivityType } from './points-activity.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'
import { orUserErrors, UserError } from './user-error.type'

/** What a money verb answers: its use case's answer, or nothing but user errors. */
type PointsPayload = Partial<PointsMoved> & { readonly userErrors: readonly UserError[] }

function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class Payload {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]
  }
  return Payload
}

/** What was asked for of the answer is read after the commit; the payload itself only says what moved. */
function payloadResolver(type: ClassType) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => PointsActivityType, {
      nullable: true,
      description: 'The entry it made; null when refused.',
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
    async balance(@Root() { member }: PointsPayload, @Ctx() { loaders }: CoreContext) {
      return member ? ((await loaders.statementOf.load(member.id)) ?? EMPTY_WALLET) : null
    }

    @FieldResolver(() => MemberType, {
      nullable: true,
      description: 'Whose points moved; null when refused.',
    })
    member(@Root() { member }: PointsPayload, @Ctx() { loaders }: CoreContext) {
      return member ? loaders.memberById.load(member.id) : null
    }
  }
  return PayloadResolver
}

const AwardPointsPayload = payloadType('AwardPointsPayload')
const RedeemPointsPayload = payloadType('RedeemPointsPayload')
export const AwardPointsPayloadResolver = payloadResolver(AwardPointsPayload)
export const RedeemPointsPayloadResolver = payloadResolver(RedeemPointsPayload)

@Resolver()
export class PointsResolver {
  @Mutation(() => AwardPointsPayload, {
    description: 'Awards points without a purchase: so many, or what an action of the programme gives.',
  })
  @Needs('write')
  async awardPoints(
    @Arg('input', () => AwardPointsInput, { description: 'Whose points, how many, and why.' })
    input: AwardPointsInput,
    @Ctx() { loyalty, caller, requestId }: CoreContext,
  ): Promise<PointsPayload> {
    const { points, actionId } = input
    const chosen = exactlyOne({ points, actionId }, 'input')
    return orUserErrors(
      awardPoints(loyalty, caller, {
        member: memberRefOf(input),
        what: chosen.name === 'points' ? { points: chosen.value } : { actionId: chosen.value },
        reason: input.reason ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
        ref: randomUUID(),
        requestId,
      }),
    )
  }

  @Mutation(() => RedeemPointsPayload, {
    description: 'Spends points: so many, or the price of a reward of the programme.',
  })
  @Needs('write')
  async redeemPoints(
    @Arg('input', () => RedeemPointsInput, { description: 'Whose points, how many, and why.' })
    input: RedeemPointsInput,
    @Ctx() { loyalty, caller, requestId }: CoreContext,
  ): Promise<PointsPayload> {
    const { points, rewardId } = input
    const chosen = exactlyOne({ points, rewardId }, 'input')
    return orUserErrors(
      redeemPoints(loyalty, caller, {
        member: memberRefOf(input),
        what: chosen.name === 'points' ? { points: chosen.value } : { rewardId: chosen.value },
        reason: input.reason ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
        requestId,
      }),
    )
  }
}
