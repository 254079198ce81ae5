import { Arg, type ClassType, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { changeIssuance } from '../../domain/issuances/change-issuance'
import type { Issuance } from '../../domain/issuances/issuance'
import { IssuanceNotFound } from '../../domain/issuances/errors'
import { type IssuanceFacts, recordIssuance } from '../../domain/issuances/record-issuance'
import { rewriteIssuance } from '../../domain/issuances/rewrite-issuance'
import type { IssuanceMove } from '../../domain/issuances/plan-change'
import type { LoyaltyDeps } from '../../domain/loyalty'
import { once } from '../../domain/points/once'
import type { Tenant } from '../../domain/programs/tenant'
import { Decimal } from '../../domain/shared/decimal'
import type { Amount } from '../../domain/shared/money'
import { formatPoints, type Points, ZERO_POINTS } from '../../domain/shared/points'
import { present } from '../../domain/shared/present'
import type { Stores } from '../../domain/stores'
import { standingNow } from '../../domain/points/standing-now'
import { badInput } from '../shared/errors'
import { objectOr } from '../shared/json-object'
import { keyOf } from '../shared/who'
import { perform } from '../shared/perform'
import { Needs } from '../shared/scope'
import { orUserErrors, type UserError } from '../shared/user-error.type'
import { ChangeIssuanceInput, RecordIssuanceInput, RewriteIssuanceInput, toLines } from './issuance.input'
import { IssuanceType } from './issuance.type'
import { type AnnexContext, annexLoaders } from './loaders'
import { payloadType, type PurchaseDone, standingResolver } from './purchase-payload'

interface IssuanceDone extends PurchaseDone {
  readonly issuance: Issuance
}
type IssuancePayload = Partial<IssuanceDone> & { readonly userErrors: readonly UserError[] }

const RecordIssuancePayload = payloadType('RecordIssuancePayload')
const RewriteIssuancePayload = payloadType('RewriteIssuancePayload')
const ChangeIssuancePayload = payloadType('ChangeIssuancePayload')

function issuanceResolver(type: ClassType) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => IssuanceType, {
      nullable: true,
      description: 'The issuance now; null when refused.',
    })
    issuance(@Root() { issuance }: IssuancePayload, @Ctx() { loaders }: AnnexContext) {
      return issuance ? loaders.issuanceById.load(issuance.id) : null
    }
  }
  return PayloadResolver
}

export const IssuancePayloadResolvers = [
  RecordIssuancePayload,
  RewriteIssuancePayload,
  ChangeIssuancePayload,
].flatMap((type) => [issuanceResolver(type), standingResolver(type)])

@Resolver()
export class IssuanceMutationsResolver {
  @Mutation(() => RecordIssuancePayload, {
    description:
      'Stores a purchase, or something like one, and grants exactly the points that you computed. The same `orderId` again is refused.',
  })
  @Needs('write')
  async recordIssuance(
    @Arg('input', () => RecordIssuanceInput, { description: 'Who bought what, and what it is worth.' })
    input: RecordIssuanceInput,
    @Ctx() context: AnnexContext,
  ): Promise<IssuancePayload> {
    const { caller, requestId } = context
    const { orderId: issuanceKey, shipped: hasShipped } = input
    const command = {
      ...factsOf(input, caller.tenant, hasShipped ? 'SHIP' : 'HOLD'),
      date: input.purchasedAt ?? null,
      datedByClient: Boolean(input.purchasedAt),
      program: caller.tenant.setup.defaultProgram,
      member: keyOf(input, 'input'),
      issuanceKey,
      held: !hasShipped,
    }
    const booking = { actionId: command.actionId, reason: `Issuance ${issuanceKey}`, requestId }
    return done(context, input.dryRun, (loyalty) => recordIssuance(loyalty, caller, { ...command, booking }))
  }

  @Mutation(() => RewriteIssuancePayload, {
    description:
      'Replaces the data of an issuance; the difference of its points is granted or taken back. Figures may not fall below what came back.',
  })
  @Needs('write')
  async rewriteIssuance(
    @Arg('input', () => RewriteIssuanceInput, { description: 'The issuance as it shall be.' })
    input: RewriteIssuanceInput,
    @Ctx() context: AnnexContext,
  ): Promise<IssuancePayload> {
    const { caller, requestId, stores } = context
    const { orderId: issuanceKey } = input
    const facts = factsOf(input, caller.tenant, 'SHIP')
    return done(context, input.dryRun, async (loyalty) => {
      const known = await stores.issuances.findByKey(caller.tenant.id, issuanceKey)
      if (!known) throw new IssuanceNotFound(issuanceKey)
      return rewriteIssuance(loyalty, caller, {
        ...facts,
        date: null,
        datedByClient: false,
        issuanceKey,
        memberId: known.memberId,
        booking: { actionId: facts.actionId, reason: `Issuance ${issuanceKey}`, requestId },
      })
    })
  }

  @Mutation(() => ChangeIssuancePayload, {
    description:
      'Ships, takes back or cancels an issuance or a part of it; its points become spendable, or go. What was spent meanwhile becomes a debt.',
  })
  @Needs('write')
  async changeIssuance(
    @Arg('input', () => ChangeIssuanceInput, { description: 'Which issuance, and what happens to it.' })
    input: ChangeIssuanceInput,
    @Ctx() context: AnnexContext,
  ): Promise<IssuancePayload> {
    const { caller, requestId } = context
    const { orderId: issuanceKey, move, dryRun } = input
    const part = input.part
      ? { points: input.part.points, spend: notNegative(input.part.amount, 'input.part.amount') }
      : null
    if (part && part.points < ZERO_POINTS)
      throw badInput({ path: 'input.part.points', message: 'must be zero or more' })
    const status = statusAfter(move, part !== null)
    const command = {
      ...{ issuanceKey, move, part, memberId: null, status },
      booking: { actionId: null, reason: input.reason ?? `${status} of ${issuanceKey}`, requestId },
    }
    const request = {
      caller,
      operation: 'change-issuance',
      key: dryRun ? null : (input.idempotencyKey ?? null),
      facts: [issuanceKey, move, part && [formatPoints(part.points), part.spend], input.reason ?? null],
      keep: ({ member }: IssuanceDone) => ({ memberId: member.id }),
      again: async (stores: Stores, kept: { readonly memberId: string }) => ({
        issuance: present(await stores.issuances.findByKey(caller.tenant.id, issuanceKey), 'the issuance'),
        ...(await standingNow(stores, caller.tenant, kept.memberId)),
      }),
    }
    return done(context, dryRun, (loyalty) =>
      once(loyalty, request, (deps) => changeIssuance(deps, caller, command)),
    )
  }
}

/** What the Annex door's clients read as the state of it: the contract's words. */
function statusAfter(move: IssuanceMove, isPart: boolean): string {
  if (isPart) return `PARTIAL ${move}`
  return move === 'CANCEL' ? 'FULL CANCEL' : move
}

function factsOf(
  input: RewriteIssuanceInput,
  { setup }: Tenant,
  status: string,
): Omit<IssuanceFacts, 'date' | 'datedByClient'> {
  const { points, total, discount, source, storeCode, products } = input
  return {
    actionId: input.actionId ?? setup.defaultProgram.issuances?.actionId ?? 0,
    store: storeCode ? { door: 'annex', code: storeCode } : null,
    source: source ?? null,
    total: notNegative(total, 'input.total'),
    discount: discount ? notNegative(discount, 'input.discount') : null,
    points: pointsOrMore(points),
    lines: toLines(products ?? []),
    status,
    attributes: objectOr(input.attributes, 'input.attributes'),
  }
}

function notNegative(value: Amount, path: string): Amount {
  if (new Decimal(value).lt(0)) throw badInput({ path, message: 'must be zero or more' })
  return value
}

function pointsOrMore(points: Points): Points {
  if (points < ZERO_POINTS) throw badInput({ path: 'input.points', message: 'must be zero or more' })
  return points
}

const done = (
  context: AnnexContext,
  dryRun: boolean,
  work: (loyalty: LoyaltyDeps) => Promise<IssuanceDone>,
): Promise<IssuancePayload> =>
  orUserErrors(
    perform(context, {
      work,
      dryRun,
      async look(show, { issuance: { id } }) {
        await show('issuanceById', id)
        await show('issuanceLinesOf', id)
        await show('purchaseStatusOf', { kind: 'ISSUANCE', id })
      },
      loadersOn: annexLoaders,
    }),
  )
