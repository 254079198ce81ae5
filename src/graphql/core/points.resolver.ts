import { randomUUID } from 'node:crypto'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { adjustPoints, reverseAward } from '../../domain/points/adjust-points'
import { awardPoints } from '../../domain/points/award-points'
import { captureHold, holdPoints, releaseHold } from '../../domain/points/hold-points'
import type { MoveRequest } from '../../domain/points/move'
import { transferPoints } from '../../domain/points/transfer-points'
import { Needs } from '../shared/scope'
import { exactlyOne } from '../shared/choose'
import type { CoreContext } from './loaders'
import { GroupType } from './group.type'
import { MemberType } from './member.type'
import { moved, payloadType, type PointsPayload, pointsPayloadResolver } from './points-payload'
import {
  AdjustPointsInput,
  AwardPointsInput,
  EndHoldInput,
  entryOf,
  giverOf,
  HoldPointsInput,
  memberRefOf,
  type MoveInput,
  recipientOf,
  ReverseAwardInput,
  TransferPointsInput,
  inWordsOf,
} from './points.input'

const AwardPointsPayload = payloadType('AwardPointsPayload')
const TransferPointsPayload = payloadType('TransferPointsPayload')
const HoldPointsPayload = payloadType('HoldPointsPayload')
const EndHoldPayload = payloadType('EndHoldPayload')
const AdjustPointsPayload = payloadType('AdjustPointsPayload')
const ReverseAwardPayload = payloadType('ReverseAwardPayload')

@Resolver(() => TransferPointsPayload)
class RecipientResolver {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: 'The member who received them; null when refused, or when a group did.',
  })
  recipient(@Root() { recipient }: PointsPayload, @Ctx() { loaders }: CoreContext) {
    return recipient ? loaders.memberById.load(recipient.id) : null
  }

  @FieldResolver(() => GroupType, {
    nullable: true,
    description: 'The group that gave or received them; null when refused, or when none did.',
  })
  group(@Root() { group, recipientGroup }: PointsPayload) {
    return group ?? recipientGroup ?? null
  }
}

export const PointsPayloadResolvers = [
  ...[
    AwardPointsPayload,
    TransferPointsPayload,
    HoldPointsPayload,
    EndHoldPayload,
    AdjustPointsPayload,
    ReverseAwardPayload,
  ].map(pointsPayloadResolver),
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

  @Mutation(() => TransferPointsPayload, {
    description:
      'Moves points from one member to another, or between a member and the group that the member is in. Their expiry dates travel with them.',
  })
  @Needs('write')
  async transferPoints(
    @Arg('input', () => TransferPointsInput, { description: 'From whom, to whom, how many, and why.' })
    input: TransferPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points } = input
    const who = { from: giverOf(input), to: recipientOf(input) }
    const command = { ...requestOf(input, context), ...who, points, transferId: randomUUID() }
    const payload = await moved(context, input, async (loyalty) => {
      const { from, to, movement } = await transferPoints(loyalty, context.caller, command)
      return {
        movement,
        ...(from.member ? { member: from.member } : { group: from.group }),
        ...(to.member ? { recipient: to.member } : { recipientGroup: to.group }),
      }
    })
    return { ...payload, userErrors: inWordsOf(input, payload.userErrors) }
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

export const requestOf = (
  { reason, idempotencyKey }: MoveInput,
  { requestId }: CoreContext,
): MoveRequest => ({
  reason: reason ?? null,
  idempotencyKey: idempotencyKey ?? null,
  requestId,
})

const endOf = (input: EndHoldInput, context: CoreContext) => ({
  ...requestOf(input, context),
  hold: entryOf(input.holdId, 'input.holdId'),
  points: input.points ?? null,
})
