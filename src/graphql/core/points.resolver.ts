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
import type { LoyaltyDeps } from '../../domain/loyalty'
import type { Member } from '../../domain/members/member'
import { adjustPoints, reverseAward } from '../../domain/points/adjust-points'
import { awardPoints, type PointsMoved } from '../../domain/points/award-points'
import { captureHold, holdPoints, releaseHold } from '../../domain/points/hold-points'
import type { MoveRequest } from '../../domain/points/move'
import { redeemPoints } from '../../domain/points/redeem-points'
import { transferPoints } from '../../domain/points/transfer-points'
import { perform, type Show } from '../shared/perform'
import { Needs } from '../shared/scope'
import { exactlyOne } from '../shared/choose'
import { type CoreContext, coreLoaders, type CoreLoaders } from './loaders'
import { MemberType } from './member.type'
import {
  AdjustPointsInput,
  AwardPointsInput,
  EndHoldInput,
  entryOf,
  HoldPointsInput,
  memberRefOf,
  type MoveInput,
  recipientOf,
  RedeemPointsInput,
  ReverseAwardInput,
  TransferPointsInput,
} from './points.input'
import { PointsActivityType } from './points-activity.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'
import { orUserErrors, UserError } from '../shared/user-error.type'

/** What a movement answers: its use case's answer, or nothing but user errors. */
type PointsPayload = Partial<PointsMoved> & {
  readonly recipient?: Member
  readonly userErrors: readonly UserError[]
}

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
const TransferPointsPayload = payloadType('TransferPointsPayload')
const HoldPointsPayload = payloadType('HoldPointsPayload')
const EndHoldPayload = payloadType('EndHoldPayload')
const AdjustPointsPayload = payloadType('AdjustPointsPayload')
const ReverseAwardPayload = payloadType('ReverseAwardPayload')

@Resolver(() => TransferPointsPayload)
class RecipientResolver {
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who received them; null when refused.' })
  recipient(@Root() { recipient }: PointsPayload, @Ctx() { loaders }: CoreContext) {
    return recipient ? loaders.memberById.load(recipient.id) : null
  }
}

export const PointsPayloadResolvers = [
  ...[
    AwardPointsPayload,
    RedeemPointsPayload,
    TransferPointsPayload,
    HoldPointsPayload,
    EndHoldPayload,
    AdjustPointsPayload,
    ReverseAwardPayload,
  ].map(payloadResolver),
  RecipientResolver,
]

@Resolver()
export class PointsResolver {
  @Mutation(() => AwardPointsPayload, {
    description: 'Awards points without a purchase: so many, or what an action of the program gives.',
  })
  @Needs('write')
  async awardPoints(
    @Arg('input', () => AwardPointsInput, { description: 'Whose points, how many, and why.' })
    input: AwardPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points, actionId } = input
    const chosen = exactlyOne({ points, actionId }, 'input')
    const command = {
      ...requestOf(input, context),
      member: memberRefOf(input),
      what: chosen.name === 'points' ? { points: chosen.value } : { actionId: chosen.value },
      ref: randomUUID(),
    }
    return moved(context, input, (loyalty) => awardPoints(loyalty, context.caller, command))
  }

  @Mutation(() => RedeemPointsPayload, {
    description: 'Spends points: so many, or the price of a reward of the program.',
  })
  @Needs('write')
  async redeemPoints(
    @Arg('input', () => RedeemPointsInput, { description: 'Whose points, how many, and why.' })
    input: RedeemPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points, rewardId } = input
    const chosen = exactlyOne({ points, rewardId }, 'input')
    const command = {
      ...requestOf(input, context),
      member: memberRefOf(input),
      what: chosen.name === 'points' ? { points: chosen.value } : { rewardId: chosen.value },
    }
    return moved(context, input, (loyalty) => redeemPoints(loyalty, context.caller, command))
  }

  @Mutation(() => TransferPointsPayload, {
    description: 'Moves points from one member to another. Their expiry dates travel with them.',
  })
  @Needs('write')
  async transferPoints(
    @Arg('input', () => TransferPointsInput, { description: 'From whom, to whom, how many, and why.' })
    input: TransferPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points } = input
    const who = { from: memberRefOf(input), to: recipientOf(input) }
    const command = { ...requestOf(input, context), ...who, points, transferId: randomUUID() }
    return moved(context, input, (loyalty) => transferPoints(loyalty, context.caller, command))
  }

  @Mutation(() => HoldPointsPayload, {
    description: 'Reserves points: nobody else can spend them, and they do not lapse, until the hold ends.',
  })
  @Needs('write')
  async holdPoints(
    @Arg('input', () => HoldPointsInput, { description: 'Whose points, how many, and for how long.' })
    input: HoldPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points } = input
    const expiresAt = input.expiresAt?.at ?? null
    const command = { ...requestOf(input, context), member: memberRefOf(input), points, expiresAt }
    return moved(context, input, (loyalty) => holdPoints(loyalty, context.caller, command))
  }

  @Mutation(() => EndHoldPayload, { description: 'Spends what a hold reserved, in whole or in part.' })
  @Needs('write')
  async captureHold(
    @Arg('input', () => EndHoldInput, { description: 'Which hold, and how much of it.' })
    input: EndHoldInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const command = endOf(input, context)
    return moved(context, input, (loyalty) => captureHold(loyalty, context.caller, command))
  }

  @Mutation(() => EndHoldPayload, {
    description:
      'Gives back what a hold reserved, in whole or in part; what had its expiry meanwhile lapses.',
  })
  @Needs('write')
  async releaseHold(
    @Arg('input', () => EndHoldInput, { description: 'Which hold, and how much of it.' })
    input: EndHoldInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const command = endOf(input, context)
    return moved(context, input, (loyalty) => releaseHold(loyalty, context.caller, command))
  }

  @Mutation(() => AdjustPointsPayload, {
    description: "Corrects a wallet by hand, whatever the member's status. It does not count as earned.",
  })
  @Needs('admin')
  async adjustPoints(
    @Arg('input', () => AdjustPointsInput, { description: 'Whose points, how many, and why.' })
    input: AdjustPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points, beyond } = input
    const command = { ...requestOf(input, context), member: memberRefOf(input), points, beyond }
    return moved(context, input, (loyalty) => adjustPoints(loyalty, context.caller, command))
  }

  @Mutation(() => ReverseAwardPayload, {
    description:
      'Takes back all that an award without a purchase gave. What was spent meanwhile becomes a debt: the balance may go below zero.',
  })
  @Needs('write')
  async reverseAward(
    @Arg('input', () => ReverseAwardInput, { description: 'Which award, and why.' })
    input: ReverseAwardInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const award = entryOf(input.activityId, 'input.activityId')
    const command = { ...requestOf(input, context), award }
    return moved(context, input, (loyalty) => reverseAward(loyalty, context.caller, command))
  }
}

const requestOf = ({ reason, idempotencyKey }: MoveInput, { requestId }: CoreContext): MoveRequest => ({
  reason: reason ?? null,
  idempotencyKey: idempotencyKey ?? null,
  requestId,
})

const endOf = (input: EndHoldInput, context: CoreContext) => ({
  ...requestOf(input, context),
  hold: entryOf(input.holdId, 'input.holdId'),
  points: input.points ?? null,
})

const moved = <Answer extends PointsMoved & { readonly recipient?: Member }>(
  context: CoreContext,
  { dryRun }: MoveInput,
  work: (loyalty: LoyaltyDeps) => Promise<Answer>,
): Promise<PointsPayload> =>
  orUserErrors(perform(context, { work, dryRun, look: lookAtMovement, loadersOn: coreLoaders }))

/** The payload's fields may ask for these. */
async function lookAtMovement(
  show: Show<CoreLoaders>,
  { member, movement, recipient }: PointsMoved & { readonly recipient?: Member },
): Promise<void> {
  const { accountId, seq } = movement
  if (seq !== null) {
    const key = { accountId, seq }
    await show('activityByKey', key)
    await show('sourcesOf', key)
    await show('allocationsOf', key)
  }
  for (const { id } of recipient ? [member, recipient] : [member]) await lookAtMember(show, id)
}

export async function lookAtMember(show: Show<CoreLoaders>, id: Member['id']): Promise<void> {
  await show('memberById', id)
  await show('membershipOf', id)
  await show('identitiesOf', id)
  await show('statementOf', id)
}
