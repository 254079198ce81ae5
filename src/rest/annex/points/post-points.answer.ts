import type { BucketReceipt, PointsReceipt } from '../../../domain/points/points-request'
import type { Program } from '../../../domain/programs/program'
import type { Store } from '../../../domain/programs/store'
import { type Points, ZERO_POINTS } from '../../../domain/shared/points'
import { plainJson, type Writable } from '../../shared/json'
import { invalid, secondSpellingOf } from '../errors'
import { type IdLike, textFrom, toPointsNumber, toTimestamp } from '../values'
import type { PointsBody } from './post-points.contract'
import { ACTIONS, actionIdOf, type Variant } from './post-points.mapping'
import type { Answer } from '../../shared/openapi'
import type {
  GROUP_TO_MEMBER_RESULT,
  MEMBER_TO_GROUP_RESULT,
  MEMBER_TO_MEMBER_RESULT,
  REWARD_RESULT,
} from './points.answers'

/** All that an answer is made of. */
export interface PointsAnswer {
  readonly siteId: string
  readonly program: Program
  readonly body: PointsBody
  readonly variant: Variant
  readonly receipt: PointsReceipt
  readonly store: Store | null
  /** The group's figures after a transfer from or to it. */
  readonly group: Writable
}

/** The documented answer of each variant; what nobody said is left out, for every member of it is typed. */
export const toPointsResult = (answer: PointsAnswer): Writable => RESULTS[answer.variant](answer)

/** The store as it was named; with its name and attributes when the site knows it. */
export const toStoreDetails = (storeId: IdLike | undefined, store: Store | null): Writable =>
  storeId === undefined
    ? undefined
    : {
        storeId: textFrom(storeId),
        ...(store ? { storeName: store.name, ...(store.attributes as Record<string, Writable>) } : {}),
      }

function toRewardResult(answer: PointsAnswer): Partial<Answer<typeof REWARD_RESULT>> {
  const { body, program, receipt } = answer
  const rewardId = text(body.rewardId)
  const reward = program.rewards.find((one) => one.rewardId === rewardId)
  return {
    ...startOf(answer),
    rewardId,
    rewardName: reward?.name,
    rewardCategory: reward?.category ?? undefined,
    rewardCategoryId: reward?.categoryId ?? undefined,
    rewardDescription: reward?.description ?? undefined,
    rewardTerms: reward?.terms ?? undefined,
    rewardAttribute: reward?.attribute ?? undefined,
    activity: 'debit',
    ...saidOf(answer),
    ...debitOf(answer),
    ...groupOf(answer),
    // The shop applies it at once: it is never empty.
    rewardCode: receipt.code?.code,
    rewardCodeExpDate: receipt.code?.expiresAt?.slice(0, 19),
    ...afterOf(answer),
  }
}

const toRedeemResult = (answer: PointsAnswer): Writable => ({
  ...startOf(answer),
  actionId: numberOf(answer),
  activity: 'debit',
  ...saidOf(answer),
  ...debitOf(answer),
  ...groupOf(answer),
  campaignId: text(answer.body.campaignId),
  ...afterOf(answer),
  ...bucketsOf(answer),
})

const toDeductResult = (answer: PointsAnswer): Writable => ({
  ...startOf(answer),
  actionId: numberOf(answer),
  activity: 'debit',
  ...saidOf(answer),
  ...debitOf(answer),
  ...groupOf(answer),
  ...afterOf(answer),
  ...bucketsOf(answer),
})

function toAwardResult(answer: PointsAnswer): Writable {
  const { body, receipt } = answer
  return {
    ...startOf(answer),
    actionId: numberOf(answer),
    activity: 'credit',
    credit: receipt.asked === null ? undefined : toPointsNumber(receipt.asked),
    pointsAwarded: receipt.moved === null ? undefined : toPointsNumber(spendableAtOnce(receipt)),
    ...heldOf(answer),
    ...saidOf(answer),
    pointType: text(body.pointType),
    campaignDetails: body.campaignId === undefined ? undefined : { campaignId: textFrom(body.campaignId) },
    campaignId: text(body.campaignId),
    sectionId: text(body.sectionId),
    sectionName: text(body.sectionName),
    surveyId: text(body.surveyId),
    surveyName: text(body.surveyName),
    ...afterOf(answer),
    ...bucketsOf(answer),
  }
}

/** The amount came as a debit, and is told as a credit: the group's view. */
function toMemberToGroupResult(answer: PointsAnswer): Partial<Answer<typeof MEMBER_TO_GROUP_RESULT>> {
  const { asked, moved } = answer.receipt
  return {
    ...startOf(answer),
    actionId: ACTIONS.groupTransfer,
    activity: 'credit',
    credit: asked === null ? undefined : toPointsNumber(asked),
    pointsAwarded: toPointsNumber(moved ?? ZERO_POINTS),
    pointsNotDeducted: moved === null && asked !== null ? toPointsNumber(asked) : undefined,
    ...reasonOf(answer),
    ...afterOf(answer),
    'hierarchy Data': answer.group,
    // Only the spelling that is documented of this 200: `errorCode` there is for the two limits (contract, section 4).
    ...(moved === null ? secondSpellingOf(invalid(['debit'])) : {}),
  }
}

const toGroupToMemberResult = (answer: PointsAnswer): Partial<Answer<typeof GROUP_TO_MEMBER_RESULT>> => ({
  ...startOf(answer),
  activity: 'debit',
  ...debitOf(answer),
  ...reasonOf(answer),
  ...afterOf(answer),
  'hierarchy Data': answer.group,
})

const toMemberToMemberResult = (answer: PointsAnswer): Partial<Answer<typeof MEMBER_TO_MEMBER_RESULT>> => ({
  ...startOf(answer),
  actionId: ACTIONS.memberTransfer,
  activity: 'debit',
  ...debitOf(answer),
  ...groupOf(answer),
  ...reasonOf(answer),
  ...afterOf(answer),
  recipientData: recipientOf(answer),
})

const RESULTS: Record<Variant, (answer: PointsAnswer) => Writable> = {
  reward: toRewardResult,
  debit: (answer) =>
    actionIdOf(answer.body) === ACTIONS.redemption ? toRedeemResult(answer) : toDeductResult(answer),
  credit: toAwardResult,
  'group to member': toGroupToMemberResult,
  'member to group': toMemberToGroupResult,
  'member to member': toMemberToMemberResult,
}

/** Points that wait are told instead of points awarded (contract.openapi, PointsAwardResult). */
export const spendableAtOnce = ({ moved, waiting }: PointsReceipt): Points =>
  waiting || moved === null ? ZERO_POINTS : moved

const heldOf = ({ receipt: { waiting } }: PointsAnswer) => ({
  holdPoints: waiting ? toPointsNumber(waiting.points) : undefined,
  releaseDate: waiting ? toTimestamp(waiting.until) : undefined,
})

const text = (value: IdLike | undefined): string | undefined =>
  value === undefined ? undefined : textFrom(value)

const startOf = ({ siteId, body }: PointsAnswer) => ({ siteId, id: textFrom(body.id) })
const numberOf = ({ body }: PointsAnswer): number | undefined => actionIdOf(body) ?? undefined
const reasonOf = ({ body }: PointsAnswer) => ({ reason: text(body.reason) })

const saidOf = ({ body, store }: PointsAnswer) => ({
  orderId: text(body.orderId),
  storeDetails: toStoreDetails(body.storeId, store),
  reason: text(body.reason),
  customId: text(body.customId),
  source: text(body.source),
})

/** What was asked and what was taken: null, and all of it not taken, when it was not covered. */
export function debitOf({
  receipt: { asked, moved },
}: {
  readonly receipt: Pick<PointsReceipt, 'asked' | 'moved'>
}) {
  if (asked === null) return {}
  return {
    debit: toPointsNumber(asked),
    pointsDeducted: moved === null ? null : toPointsNumber(moved),
    pointsNotDeducted: moved === null ? toPointsNumber(asked) : undefined,
  }
}

const groupOf = ({ receipt: { asked, paidByGroup } }: PointsAnswer) =>
  asked === null || paidByGroup === null
    ? {}
    : { groupDebit: toPointsNumber(asked), groupPointsDeducted: toPointsNumber(paidByGroup) }

/** Balances and tiers after any movement. */
export const balancesOf = ({ receipt }: Pick<PointsAnswer, 'receipt'>) => ({
  updatedAvailablePoints: toPointsNumber(receipt.spendable),
  updatedLifetimePoints: toPointsNumber(receipt.earned),
  previousTier: receipt.tierBefore ?? undefined,
  updatedUserTier: receipt.tierAfter ?? undefined,
})

const afterOf = (answer: PointsAnswer) => ({
  ...balancesOf(answer),
  actionAttribute:
    answer.body.actionAttribute === undefined
      ? undefined
      : (plainJson(answer.body.actionAttribute) as Writable),
})

const recipientOf = ({ body, receipt: { moved } }: PointsAnswer): Writable => ({
  recipientId: text(body.recipientData?.recipientId),
  pointsAwarded: toPointsNumber(moved ?? ZERO_POINTS),
})

/** `multiBucketsData[name]` for what can be spent, `tier[name]` for what only counts. */
const bucketsOf = ({ receipt, variant }: PointsAnswer): Record<string, Writable> =>
  Object.fromEntries(
    receipt.buckets.map((bucket) => [
      `${bucket.kind === 'TIER' ? 'tier' : 'multiBucketsData'}[${bucket.bucket}]`,
      toBucketResult(bucket, variant),
    ]),
  )

const toBucketResult = (bucket: BucketReceipt, variant: Variant): Writable => ({
  ...(variant === 'credit'
    ? {
        credit: toPointsNumber(bucket.asked),
        pointsAwarded: bucket.moved === null ? null : toPointsNumber(bucket.moved),
      }
    : debitOf({ receipt: bucket })),
  updatedAvailablePoints: toPointsNumber(bucket.spendable),
  updatedLifetimePoints: toPointsNumber(bucket.earned),
})
