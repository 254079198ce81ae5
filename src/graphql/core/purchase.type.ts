import { Directive, Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { PURCHASE_KINDS, type PurchaseEntry, type PurchaseKind } from '../../domain/purchases/purchase'
import { connectionType } from '../shared/connection'
import { PointsActivityType } from './points-activity.type'
import type { Reference } from '../shared/build-subgraph'
import { Node } from './node.type'

export const WHAT_IT_DID =
  'What it did to wallets, oldest first: awarded, shipped and so spendable, returned, canceled.'

/** Core knows that there are purchases; what they are is told by the subgraph of each kind. */
@InterfaceType('Purchase', { description: 'Something a member bought, whatever door it came through.' })
export abstract class Purchase {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => [PointsActivityType], { description: WHAT_IT_DID })
  readonly activities!: readonly object[]
}

@ObjectType('Order', { implements: [Node, Purchase], simpleResolvers: true })
@Directive('@key(fields: "id")')
export class OrderReference extends Purchase {}

@ObjectType('Issuance', { implements: [Node, Purchase], simpleResolvers: true })
@Directive('@key(fields: "id")')
export class IssuanceReference extends Purchase {}

@ObjectType('Transaction', { implements: [Node, Purchase], simpleResolvers: true })
@Directive('@key(fields: "id")')
export class TransactionReference extends Purchase {}

export const PurchaseConnection = connectionType('Purchase', () => Purchase as never)

export const PurchaseKindEnum = Object.fromEntries(PURCHASE_KINDS.map((kind) => [kind, kind])) as {
  [Kind in PurchaseKind]: Kind
}
registerEnumType(PurchaseKindEnum, {
  name: 'PurchaseKind',
  description: 'The kinds of purchases.',
  valuesConfig: {
    ORDER: { description: 'An order of a web shop or site, with points computed line by line.' },
    ISSUANCE: { description: 'A purchase, or something like one, with points that the client computed.' },
    TRANSACTION: { description: 'A bill of a till.' },
  },
})

/** The type that answers for a kind; its subgraph completes the rest. */
const TYPE_OF_KIND: Record<PurchaseKind, string> = {
  ORDER: 'Order',
  ISSUANCE: 'Issuance',
  TRANSACTION: 'Transaction',
}

export const KIND_OF_TYPE: Readonly<Record<string, PurchaseKind>> = {
  Order: 'ORDER',
  Issuance: 'ISSUANCE',
  Transaction: 'TRANSACTION',
}

/** Only for purchases that exist. */
export const purchaseReference = ({ kind, id }: Pick<PurchaseEntry, 'kind' | 'id'>): Reference => ({
  __typename: TYPE_OF_KIND[kind],
  id,
})
