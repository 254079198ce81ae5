import { randomUUID } from 'node:crypto'
import type { CreditPoints } from '../../../domain/points/credit-points'
import { ANY_DEBT, type DebitPoints } from '../../../domain/points/debit-points'
import type { BucketAsk, PointsAsk } from '../../../domain/points/points-ask'
import type { SharePoints, ShareRoute } from '../../../domain/points/share-points'
import type { Program } from '../../../domain/programs/program'
import type { JsonObject } from '../../../domain/shared/json'
import { points, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import { isJsonMap, type JsonMap, plainJson, type JsonValue } from '../../shared/json'
import type { SignedIn } from '../auth'
import { invalid } from '../errors'
import { memberKey } from '../members'
import { assertValid, filled, isAbsent } from '../validation'
import { amountFrom, type IdLike, isIdLike, type NumberLike, textFrom } from '../values'
import { BucketBody, PointsBody, RecipientBody } from './post-points.contract'

/** The meaning of action numbers (contract, section 6). */
export const ACTIONS = { redemption: 107, groupTransfer: 160, memberTransfer: 8055 } as const

export type Variant =
  'member to member' | 'group to member' | 'member to group' | 'reward' | 'debit' | 'credit'

const BUCKET = /^(Tier)?Credit\[(.+)\]$/

/** A body in the contract's classes. The captions of the reference merge two names into one: read by the activity. */
export function toPointsBody(sent: JsonMap): PointsBody {
  const body = filled(PointsBody, sent)
  const merged = MERGED_NAMES.map((name) => sent[name]).find((value) => !isAbsent(value))
  const name = isDebit(body) ? 'debit' : 'credit'
  const { recipientData } = body
  return Object.assign(body, {
    ...(merged !== undefined && body[name] === undefined ? { [name]: merged } : {}),
    ...(recipientData === undefined
      ? {}
      : { recipientData: toRecipientBody(recipientData as unknown as JsonValue) }),
    buckets: Object.entries(sent).flatMap(toBucketBody),
  })
}

/** A list is no counterpart, and stays something that is refused as a whole. */
const toRecipientBody = (sent: JsonValue): RecipientBody | string =>
  isJsonMap(sent) ? filled(RecipientBody, sent) : 'no object'

export const MERGED_NAMES = ['debit/credit', 'credit/debit', 'credit or debit'] as const

function toBucketBody([property, sent]: [string, JsonValue | undefined]): readonly BucketBody[] {
  const [, tier, bucket] = BUCKET.exec(property) ?? []
  if (bucket === undefined || isAbsent(sent)) return []
  const kind = tier ? 'TIER' : 'SPENDABLE'
  return [Object.assign(new BucketBody(), { property, bucket, kind, points: sent })]
}

export const isDebit = ({ activity }: Pick<PointsBody, 'activity'>): boolean =>
  typeof activity === 'string' && activity.trim().toUpperCase() === 'DEBIT'

/** The action's number, NaN for what is none; a redemption of a reward needs none. Also of a body not yet checked. */
export function actionIdOf(body: PointsBody): number | null {
  if (body.actionId !== undefined)
    return isIdLike(body.actionId) ? Number(textFrom(body.actionId)) : Number.NaN
  return isDebit(body) && body.rewardId !== undefined ? ACTIONS.redemption : null
}

/** Which variant a body means: the first that fits (contract, section 7). */
export function variantOf(body: PointsBody): Variant {
  const actionId = actionIdOf(body)
  if (actionId === ACTIONS.memberTransfer) return 'member to member'
  if (actionId === ACTIONS.groupTransfer) return isDebit(body) ? 'group to member' : 'member to group'
  if (isDebit(body)) return body.rewardId === undefined ? 'debit' : 'reward'
  return 'credit'
}

/** Refuses a body that is not one of the variants: what is missing before what is invalid. */
export function assertVariant(body: PointsBody, variant: Variant, program: Program): void {
  assertValid(body, MISSING[variant](body, program))
  const wrong = body.buckets.filter(({ bucket }) => !program.buckets.includes(bucket))
  if (wrong.length > 0) throw invalid(wrong.map(({ property }) => property))
  const names = body.buckets.map(({ property }) => property)
  if (names.length > 0 && !['credit', 'debit'].includes(variant)) throw invalid(names)
  if (variant === 'member to member' && !isDebit(body)) throw invalid(['activity'])
}

type Missing = (body: PointsBody, program: Program) => readonly string[]

const absent = (body: PointsBody, ...names: readonly (keyof PointsBody)[]): readonly string[] =>
  names.filter((name) => body[name] === undefined)

/** Without an action a reason says what it is for. */
const why = (body: PointsBody): readonly string[] =>
  actionIdOf(body) === null && body.reason === undefined ? ['actionId'] : []

/** What each variant requires besides the member and the activity. */
const MISSING: Record<Variant, Missing> = {
  'member to member': (body) => absent(body, 'debit', 'recipientData'),
  'group to member': (body) => absent(body, 'groupId', 'debit'),
  'member to group': (body) =>
    absent(body, 'groupId', ...(body.credit === undefined ? (['debit'] as const) : [])),
  reward: () => [],
  debit: (body) => [...why(body), ...(body.buckets.length > 0 ? [] : absent(body, 'debit'))],
  credit: missingInCredit,
}

function missingInCredit(body: PointsBody, { actions }: Program): readonly string[] {
  if (body.activity === undefined) return []
  const awards = actions.some(({ actionId }) => actionId === actionIdOf(body))
  return [...why(body), ...(awards || body.buckets.length > 0 ? [] : absent(body, 'credit'))]
}

/** The command of a credit. */
export const toCreditPoints = (body: PointsBody, caller: SignedIn, requestId: string): CreditPoints => ({
  ...askOf(body, caller, requestId),
  points: body.credit === undefined ? null : pointsFrom(body.credit),
  buckets: bucketsOf(body),
})

/** The command of a debit, of a reward or of points. */
export const toDebitPoints = (body: PointsBody, caller: SignedIn, requestId: string): DebitPoints => ({
  ...askOf(body, caller, requestId),
  what:
    body.rewardId === undefined
      ? { points: body.debit === undefined ? null : pointsFrom(body.debit) }
      : { rewardId: textFrom(body.rewardId) },
  buckets: bucketsOf(body),
  as: body.rewardId !== undefined || actionIdOf(body) === ACTIONS.redemption ? 'redemption' : 'correction',
  payer: payerOf(body, caller),
  maxDebt: mayOwe(body, caller) ? ANY_DEBT : ZERO_POINTS,
  orderId: body.orderId === undefined ? null : textFrom(body.orderId),
  retry: body.retry?.trim().toUpperCase() === 'YES',
})

/** The command of a transfer. */
export const toSharePoints = (
  body: PointsBody,
  variant: Variant,
  caller: SignedIn,
  requestId: string,
): SharePoints => ({
  ...askOf(body, caller, requestId),
  points: pointsFrom(body.debit ?? body.credit ?? ''),
  route: routeOf(body, variant, caller),
})

function routeOf(body: PointsBody, variant: Variant, { settings }: SignedIn): ShareRoute {
  const group = textFrom(body.groupId ?? '')
  if (variant === 'member to group') return { kind: variant, group }
  if (variant === 'group to member') {
    return { kind: variant, group, receiver: memberKey(textFrom(body.userId ?? body.id)) }
  }
  const receiver = memberKey(textFrom(body.recipientData?.recipientId ?? ''))
  return {
    kind: 'member to member',
    receiver,
    payer: settings.autoGroupRedemption ? 'own group' : 'member',
  }
}

/** With the flag the group always pays; a group that is named must be the member's. */
function payerOf({ groupId }: PointsBody, { settings }: SignedIn): DebitPoints['payer'] {
  if (groupId !== undefined) return { group: textFrom(groupId) }
  return settings.autoGroupRedemption ? 'own group' : 'member'
}

/** Any value but a no (contract, section 7), and only where the site allows debts. */
const mayOwe = ({ allowNegativePoints: said }: PointsBody, { settings }: SignedIn): boolean =>
  settings.negativePoints &&
  said !== undefined &&
  !['0', 'NO', 'FALSE'].includes(textFrom(said).trim().toUpperCase())

const askOf = (body: PointsBody, { program }: SignedIn, requestId: string): PointsAsk => ({
  program,
  member: memberKey(textFrom(body.id)),
  actionId: actionIdOf(body),
  reason: body.reason === undefined ? null : textFrom(body.reason),
  customId: body.customId === undefined ? null : textFrom(body.customId),
  attributes: keptOf(body),
  requestId,
  ref: randomUUID(),
})

const bucketsOf = (body: PointsBody): readonly BucketAsk[] =>
  body.buckets.map(({ bucket, kind, points: amount }) => ({ bucket, kind, points: pointsFrom(amount) }))

/** The contract class has checked that it is a number. Throws InvalidPoints when it cannot be points. */
const pointsFrom = (value: NumberLike): Points => points(amountFrom(value) ?? '')

const KEPT = [
  'customId',
  'rewardId',
  'groupId',
  'orderId',
  'storeId',
  'pointType',
  'campaignId',
  'source',
  'vendorEmail',
  'vendorName',
  'sectionId',
  'sectionName',
  'surveyId',
  'surveyName',
] as const

/** What was sent, as text, for the list of activities and for whoever asks later. */
function keptOf(body: PointsBody): JsonObject {
  const texts = KEPT.flatMap((name) => {
    const value: IdLike | undefined = body[name]
    return value === undefined ? [] : [[name, textFrom(value)]]
  })
  const { actionAttribute } = body
  return {
    ...(Object.fromEntries(texts) as JsonObject),
    ...(actionAttribute === undefined ? {} : { actionAttribute: plainJson(actionAttribute) }),
  }
}
