import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { isNumberId, type TransactionId } from '../../domain/shared/ids'
import { sumAmounts } from '../../domain/shared/money'
import type { TransactionReturn } from '../../domain/transactions/return'
import type { Transaction, TransactionLine } from '../../domain/transactions/transaction'
import type { PurchaseStatus } from '../../domain/purchases/purchase'
import type { ClientInstant } from '../../domain/shared/instant'
import { Connection } from '../shared/connection'
import { badInput } from '../shared/errors'
import { After, First, From, InStore, type ListOrder, OrderBy, Until } from '../shared/page-args'
import { purchaseCursor, purchasePage, PurchaseStatusEnum, WithStatus } from '../shared/purchase-pages'
import { DecimalScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import type { CapillaryContext } from './loaders'
import { Member, type MemberKey } from './member.type'
import { Order, type OrderKey } from './order.type'
import { TransactionReturnType } from './transaction-return.type'
import {
  TransactionConnection,
  TransactionLineType,
  TransactionPaymentType,
  TransactionType,
} from './transaction.type'

@Resolver(() => TransactionType)
export class TransactionResolver {
  @Query(() => TransactionType, {
    nullable: true,
    description:
      'A transaction by the number that clients of the till door know it by; null when there is none.',
  })
  @Needs('read')
  transaction(
    @Arg('number', () => String, { description: 'Digits.' }) number: string,
    @Ctx() { loaders }: CapillaryContext,
  ) {
    if (!isNumberId(number)) throw badInput({ path: 'number', message: 'must be digits' })
    return loaders.transactionById.load(number as TransactionId)
  }

  @FieldResolver(() => PurchaseStatusEnum, { description: 'How far it has come.' })
  async status(@Root() { id }: Pick<Transaction, 'id'>, @Ctx() { loaders }: CapillaryContext) {
    return (await loaders.purchaseStatusOf.load({ kind: 'TRANSACTION', id })) ?? 'PLACED'
  }

  @FieldResolver(() => [TransactionLineType], { description: 'Its items, in the order of the request.' })
  async lines(@Root() { id, currency }: Row, @Ctx() { loaders }: CapillaryContext) {
    return inCurrency(await loaders.transactionLinesOf.load(id), currency)
  }

  @FieldResolver(() => [TransactionPaymentType], { description: 'How it was paid.' })
  async payments(@Root() { id, currency }: Row, @Ctx() { loaders }: CapillaryContext) {
    return inCurrency(await loaders.transactionPaymentsOf.load(id), currency)
  }

  @FieldResolver(() => [TransactionReturnType], { description: 'What came back of it, oldest first.' })
  returns(@Root() { id }: Row, @Ctx() { loaders }: CapillaryContext) {
    return loaders.returnsOf.load(id)
  }

  @FieldResolver(() => [TransactionReturnType], {
    description: 'What it takes back of earlier bills: of a return, or of a sale that is an exchange.',
  })
  returnOf(@Root() { id }: Row, @Ctx() { loaders }: CapillaryContext) {
    return loaders.returnsOn.load(id)
  }
}

@Resolver(() => TransactionReturnType)
export class TransactionReturnResolver {
  @FieldResolver(() => TransactionType, {
    nullable: true,
    description: 'The bill that it came back of; null: an order, or not known.',
  })
  original(@Root() { originalId }: TransactionReturn, @Ctx() { loaders }: CapillaryContext) {
    return originalId && loaders.transactionById.load(originalId)
  }

  @FieldResolver(() => Order, {
    nullable: true,
    description: 'The order that it came back of; null: a bill, or not known.',
  })
  order(@Root() { orderId }: TransactionReturn) {
    return orderId && { id: orderId }
  }

  @FieldResolver(() => TransactionType, { nullable: true, description: 'The bill that took it back.' })
  transaction(@Root() { transactionId }: TransactionReturn, @Ctx() { loaders }: CapillaryContext) {
    return loaders.transactionById.load(transactionId)
  }
}

@Resolver(() => Order)
export class OrderReturnsResolver {
  @FieldResolver(() => [TransactionReturnType], {
    description: 'What tills took back of it, oldest first; its own lines count that, too.',
  })
  returns(@Root() { id }: OrderKey, @Ctx() { loaders }: CapillaryContext) {
    return loaders.returnsOfOrder.load(id)
  }
}

@Resolver(() => TransactionLineType)
export class TransactionLineResolver {
  @FieldResolver(() => DecimalScalar, { description: 'How many of it came back.' })
  async quantityReturned(
    @Root() { transactionId, lineNo }: TransactionLine,
    @Ctx() { loaders }: CapillaryContext,
  ) {
    const returns = await loaders.returnsOf.load(transactionId)
    const own = returns.flatMap(({ lines }) => lines.filter((line) => line.lineNo === lineNo))
    return sumAmounts(own.map(({ quantity }) => quantity))
  }
}

type Row = Pick<Transaction, 'id' | 'currency'>

const inCurrency = <Part extends object>(parts: readonly Part[], currency: string) =>
  parts.map((part) => ({ ...part, currency }))

@Resolver(() => Member)
export class MemberTransactionsResolver {
  @FieldResolver(() => TransactionConnection, { description: "The member's transactions, newest first." })
  @Needs('read')
  async transactions(
    @Root() { id }: MemberKey,
    @Ctx() { loaders }: CapillaryContext,
    @First() first: number,
    @OrderBy() orderBy: ListOrder,
    @After() after?: string | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
    @InStore() storeId?: string | null,
    @WithStatus() status?: PurchaseStatus | null,
  ) {
    const asked = { kind: 'TRANSACTION' as const, first, after, from, until, storeId, status, orderBy }
    const { request, page } = await purchasePage(loaders, id, asked)
    const found = await Promise.all(
      page.rows.map((entry) => loaders.transactionById.load(entry.id as TransactionId)),
    )
    const rows = found.filter((row) => row !== null)
    return new Connection<Transaction>({ rows, hasNext: page.hasNext }, request, transactionCursor)
  }
}

const transactionCursor = ({ billedAt, id }: Transaction): string =>
  purchaseCursor({ kind: 'TRANSACTION', id, purchasedAt: billedAt })
