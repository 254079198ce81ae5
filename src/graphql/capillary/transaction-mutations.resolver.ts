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
import { type KeptAnswer, once } from '../../domain/points/once'
import { standingNow } from '../../domain/points/standing-now'
import type { AccountStatement } from '../../domain/points/ledger'
import type { Caller } from '../../domain/programs/caller'
import type { TransactionId } from '../../domain/shared/ids'
import { type Points, ZERO_POINTS } from '../../domain/shared/points'
import { present } from '../../domain/shared/present'
import type { Stores } from '../../domain/stores'
import {
  recordAnonymousTransaction,
  type RecordedBill,
  recordTransaction,
} from '../../domain/transactions/record-transaction'
import { returnTransaction } from '../../domain/transactions/return-transaction'
import type { Transaction } from '../../domain/transactions/transaction'
import { perform } from '../shared/perform'
import { PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { orUserErrors, UserError } from '../shared/user-error.type'
import { type CapillaryContext, capillaryLoaders } from './loaders'
import { Member as MemberType } from './member.type'
import { RecordTransactionInput, ReturnTransactionInput } from './transaction.input'
import { buyerOf, toReturn, toSale } from './transaction.mapping'
import { TransactionType } from './transaction.type'

/** A bill that was stored, and how its member stands after it. */
interface BillDone {
  readonly transaction: Transaction
  readonly member: Member | null
  readonly statement: AccountStatement | null
  readonly tierName: string | null
  readonly originalId: TransactionId | null
}
type BillPayload = Partial<BillDone> & { readonly userErrors: readonly UserError[] }

function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class Payload {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]

    @Field(() => String, {
      nullable: true,
      description: "The member's tier after it, by name; null: in none, no member, or refused.",
    })
    readonly tierName!: string | null
  }
  return Payload
}

function billResolver(type: ClassType) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => TransactionType, {
      nullable: true,
      description: 'The bill as stored; null when refused.',
    })
    transaction(@Root() { transaction }: BillPayload, @Ctx() { loaders }: CapillaryContext) {
      return transaction ? loaders.transactionById.load(transaction.id) : null
    }

    @FieldResolver(() => MemberType, {
      nullable: true,
      description:
        'Whose it is; null when refused, or nobody known. As stored: of a dry run, the member as before.',
    })
    member(@Root() { member }: BillPayload) {
      return member ? { id: member.id } : null
    }

    @FieldResolver(() => PointsScalar, {
      nullable: true,
      description: 'Points that the member can spend after it; null when refused, or nobody known.',
    })
    available(@Root() { member, statement }: BillPayload): Points | null {
      return member ? (statement?.available ?? ZERO_POINTS) : null
    }
  }
  return PayloadResolver
}

const RecordTransactionPayload = payloadType('RecordTransactionPayload')
const ReturnTransactionPayload = payloadType('ReturnTransactionPayload')
export const TransactionPayloadResolvers = [RecordTransactionPayload, ReturnTransactionPayload].map(
  billResolver,
)

@Resolver()
export class TransactionMutationsResolver {
  @Mutation(() => RecordTransactionPayload, {
    description:
      "Stores a sale of a till and awards what the program's rule gives for it. What earns nothing is stored all the same, and `noPointsReason` says why.",
  })
  @Needs('write')
  async recordTransaction(
    @Arg('input', () => RecordTransactionInput, { description: 'Who bought what, where.' })
    input: RecordTransactionInput,
    @Ctx() context: CapillaryContext,
  ): Promise<BillPayload> {
    const { caller, requestId } = context
    const policy = context.billPolicyOf(caller.tenant)
    const member = buyerOf(input)
    return done(context, { operation: 'record-transaction', input }, async (loyalty) => {
      const sale = await toSale(context.stores, caller.tenant, policy, input)
      if (member === null) return recordAnonymousTransaction(loyalty, caller, sale)
      const ignoresPoints = policy.ignoresPoints(sale.billNumber)
      return recordTransaction(loyalty, caller, {
        ...sale,
        member,
        ignoresPoints,
        runsLoyalty: true,
        requestId,
      })
    })
  }

  @Mutation(() => ReturnTransactionPayload, {
    description:
      'Takes back a bill, some money of it, or some lines; the points that they earned go, exactly. What was spent meanwhile becomes a debt.',
  })
  @Needs('write')
  async returnTransaction(
    @Arg('input', () => ReturnTransactionInput, { description: 'What comes back of which bill.' })
    input: ReturnTransactionInput,
    @Ctx() context: CapillaryContext,
  ): Promise<BillPayload> {
    const { caller, requestId } = context
    const policy = context.billPolicyOf(caller.tenant)
    return done(context, { operation: 'return-transaction', input }, async (loyalty) => {
      const command = await toReturn(context.stores, caller.tenant, policy, input, requestId)
      return returnTransaction(loyalty, caller, command)
    })
  }
}

interface Asked {
  readonly operation: string
  readonly input: RecordTransactionInput | ReturnTransactionInput
}

/** Stores a bill once, or rehearses it, and tells how its member stands after it. */
function done(
  context: CapillaryContext,
  { operation, input }: Asked,
  store: (loyalty: LoyaltyDeps) => Promise<RecordedBill>,
): Promise<BillPayload> {
  const { caller } = context
  const { dryRun, idempotencyKey, ...facts } = input
  const request = {
    caller,
    operation,
    key: dryRun ? null : (idempotencyKey ?? null),
    facts,
    keep: ({ transaction, originalId }: BillDone): KeptBill => ({
      transactionId: transaction.id,
      originalId,
    }),
    again: (stores: Stores, kept: KeptBill) => again(stores, caller, kept),
  }
  const work = (loyalty: LoyaltyDeps): Promise<BillDone> =>
    once(loyalty, request, (deps) =>
      // One unit of work for the bill and for what is told of the member.
      deps.unitOfWork.run(async (stores) => {
        const inside = { ...deps.unitOfWork, run: <T>(inner: (own: Stores) => Promise<T>) => inner(stores) }
        const { transaction, member } = await store({ ...deps, unitOfWork: inside })
        const [back] = await stores.transactions.returnsOn(caller.tenant.id, [transaction.id])
        return {
          transaction,
          ...(await standing(stores, caller, member)),
          originalId: back?.originalId ?? null,
        }
      }),
    )
  return orUserErrors(
    perform(context, {
      work,
      dryRun,
      async look(show, { transaction: { id }, originalId }) {
        for (const one of originalId ? [id, originalId] : [id]) {
          await show('transactionById', one)
          await show('transactionLinesOf', one)
          await show('transactionPaymentsOf', one)
          await show('returnsOf', one)
          await show('returnsOn', one)
          await show('purchaseStatusOf', { kind: 'TRANSACTION', id: one })
        }
      },
      loadersOn: capillaryLoaders,
    }),
  )
}

interface KeptBill extends KeptAnswer {
  readonly transactionId: TransactionId
  readonly originalId: TransactionId | null
}

type Standing = Pick<BillDone, 'member' | 'statement' | 'tierName'>

async function standing(stores: Stores, caller: Caller, member: Member | null): Promise<Standing> {
  if (!member) return { member, statement: null, tierName: null }
  const now = await standingNow(stores, caller.tenant, member.id)
  return { member: now.member, statement: now.statement, tierName: now.tier.after?.name ?? null }
}

async function again(
  stores: Stores,
  caller: Caller,
  { transactionId, originalId }: KeptBill,
): Promise<BillDone> {
  const [found] = await stores.transactions.findByIds(caller.tenant.id, [transactionId])
  const transaction = present(found, 'the bill')
  const [member] = transaction.memberId
    ? await stores.members.findByIds(caller.tenant.id, [transaction.memberId])
    : []
  return { transaction, ...(await standing(stores, caller, member ?? null)), originalId }
}
