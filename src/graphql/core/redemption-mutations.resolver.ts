import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { MemberId } from '../../domain/shared/ids'
import { type KeptAnswer, once } from '../../domain/points/once'
import { redeemPoints } from '../../domain/points/redeem-points'
import type { EntryKey } from '../../domain/points/redemption'
import { reverseSpending } from '../../domain/points/reverse-redemption'
import { shortCode } from '../../domain/points/short-code'
import { formatPoints, type Points, points } from '../../domain/shared/points'
import { exactlyOne, idOfType } from '../shared/choose'
import { perform } from '../shared/perform'
import { PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { orUserErrors, type UserError } from '../shared/user-error.type'
import { type CoreContext, coreLoaders } from './loaders'
import { MemberType } from './member.type'
import { lookAtMember, moved, payloadType, type PointsPayload, pointsPayloadResolver } from './points-payload'
import { memberRefOf, RedeemPointsInput, ReverseRedemptionInput } from './points.input'
import { requestOf } from './points.resolver'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'
import { RedemptionType, RewardCodeType } from './redemption.type'

const RedeemPointsPayload = payloadType('RedeemPointsPayload')
const ReverseRedemptionPayload = payloadType('ReverseRedemptionPayload')

/** What a reversal gave back. */
interface Reversed {
  readonly entry: EntryKey
  readonly memberId: MemberId
  readonly points: Points
  readonly available: Points
  readonly lapsed: Points
}
type ReversedPayload = Partial<Reversed> & { readonly userErrors: readonly UserError[] }

@Resolver(() => RedeemPointsPayload)
class RedeemedResolver {
  @FieldResolver(() => RedemptionType, {
    nullable: true,
    description: 'The redemption, by which the points can be given back; null when refused.',
  })
  redemption(@Root() { movement }: PointsPayload, @Ctx() { loaders }: CoreContext) {
    return movement?.seq
      ? loaders.spendingByKey.load({ accountId: movement.accountId, seq: movement.seq })
      : null
  }

  @FieldResolver(() => RewardCodeType, {
    nullable: true,
    description:
      'The code that was handed over for a reward; sent again, the same one. Null: no reward, or refused.',
  })
  async rewardCode(@Root() { movement }: PointsPayload, @Ctx() { loaders }: CoreContext) {
    if (!movement?.seq) return null
    const spent = await loaders.spendingByKey.load({ accountId: movement.accountId, seq: movement.seq })
    return spent?.rewardCode ?? null
  }
}

@Resolver(() => ReverseRedemptionPayload)
class ReversedResolver {
  @FieldResolver(() => RedemptionType, {
    nullable: true,
    description: 'The redemption now; null when refused.',
  })
  redemption(@Root() { entry }: ReversedPayload, @Ctx() { loaders }: CoreContext) {
    return entry ? loaders.spendingByKey.load(entry) : null
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'Whose it was; null when refused.' })
  member(@Root() { memberId }: ReversedPayload, @Ctx() { loaders }: CoreContext) {
    return memberId ? loaders.memberById.load(memberId) : null
  }

  @FieldResolver(() => PointsBalanceType, {
    nullable: true,
    description: 'The wallet now; null when refused.',
  })
  async balance(@Root() { memberId }: ReversedPayload, @Ctx() { loaders }: CoreContext) {
    return memberId ? ((await loaders.statementOf.load(memberId)) ?? EMPTY_WALLET) : null
  }

  @FieldResolver(() => PointsScalar, {
    nullable: true,
    description: 'How many were taken back; null when refused.',
  })
  points(@Root() { points: reversed }: ReversedPayload) {
    return reversed ?? null
  }

  @FieldResolver(() => PointsScalar, {
    nullable: true,
    description: 'How many of them can be spent again; null when refused.',
  })
  available(@Root() { available }: ReversedPayload) {
    return available ?? null
  }

  @FieldResolver(() => PointsScalar, {
    nullable: true,
    description: 'How many had lapsed meanwhile, and were given to nobody; null when refused.',
  })
  lapsed(@Root() { lapsed }: ReversedPayload) {
    return lapsed ?? null
  }
}

export const RedemptionPayloadResolvers = [
  pointsPayloadResolver(RedeemPointsPayload),
  RedeemedResolver,
  ReversedResolver,
]

@Resolver()
export class RedemptionMutationsResolver {
  @Mutation(() => RedeemPointsPayload, {
    description:
      'Spends points: so many, or the price of a reward of the program, of which a code is handed over. A reward without a code left is refused.',
  })
  @Needs('write')
  async redeemPoints(
    @Arg('input', () => RedeemPointsInput, { description: 'Whose points, how many, and why.' })
    input: RedeemPointsInput,
    @Ctx() context: CoreContext,
  ): Promise<PointsPayload> {
    const { points: asked, rewardId } = input
    const chosen = exactlyOne({ points: asked, rewardId }, 'input')
    const command = {
      ...requestOf(input, context),
      member: memberRefOf(input),
      what: chosen.name === 'points' ? { points: chosen.value } : { rewardId: chosen.value },
      billNumber: input.billNumber ?? null,
      code: shortCode(),
    }
    return moved(context, input, (loyalty) => redeemPoints(loyalty, context.caller, command))
  }

  @Mutation(() => ReverseRedemptionPayload, {
    description:
      'Gives redeemed points back, wholly or in part, each with the expiry it had; what has lapsed meanwhile is given to nobody. A code that was handed over stays handed over.',
  })
  @Needs('write')
  async reverseRedemption(
    @Arg('input', () => ReverseRedemptionInput, { description: 'Which redemption, and how much of it.' })
    input: ReverseRedemptionInput,
    @Ctx() context: CoreContext,
  ): Promise<ReversedPayload> {
    const { caller, requestId } = context
    const { dryRun } = input
    const [accountId = '', seq = ''] = idOfType('Redemption', input.redemptionId, 'input.redemptionId').split(
      '.',
    )
    const entry = { accountId: accountId as EntryKey['accountId'], seq }
    const asked = input.points ?? null
    const request = {
      caller,
      operation: 'reverse-redemption',
      key: dryRun ? null : (input.idempotencyKey ?? null),
      facts: [entry.accountId, entry.seq, asked === null ? null : formatPoints(asked)],
      keep: kept,
      again: (_stores: unknown, answer: Kept) => Promise.resolve(restored(answer)),
    }
    const command = { entry, points: asked, name: shortCode(), reversalCode: shortCode(), requestId }
    const work = (loyalty: CoreContext['loyalty']): Promise<Reversed> =>
      once(loyalty, request, async (deps) => {
        const { redemption, ...figures } = await reverseSpending(deps, caller, command)
        return { entry, memberId: redemption.memberId, ...figures }
      })
    return orUserErrors(
      perform(context, {
        work,
        dryRun,
        async look(show, { memberId }) {
          await show('spendingByKey', entry)
          await lookAtMember(show, memberId)
        },
        loadersOn: coreLoaders,
      }),
    )
  }
}

interface Kept extends KeptAnswer {
  readonly accountId: EntryKey['accountId']
  readonly seq: string
  readonly memberId: MemberId
  readonly points: string
  readonly available: string
  readonly lapsed: string
}

const kept = ({ entry, memberId, ...figures }: Reversed): Kept => ({
  ...entry,
  memberId,
  points: formatPoints(figures.points),
  available: formatPoints(figures.available),
  lapsed: formatPoints(figures.lapsed),
})

const restored = ({ accountId, seq, memberId, ...figures }: Kept): Reversed => ({
  entry: { accountId, seq },
  memberId,
  points: points(figures.points),
  available: points(figures.available),
  lapsed: points(figures.lapsed),
})
