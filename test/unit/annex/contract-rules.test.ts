import { validateSync } from 'class-validator'
import fc from 'fast-check'
import { IssuanceCreateBody, IssuanceProductBody } from '../../../src/rest/annex/issuances/issuances.contract'
import { CartBody, CartLineBody } from '../../../src/rest/annex/orders/cart.mapping'
import { ManualSpendBody } from '../../../src/rest/annex/orders/manual-spend.mapping'
import { OrderBody, OrderLineBody } from '../../../src/rest/annex/orders/orders.contract'
import { MovedLineBody, OrderMoveBody } from '../../../src/rest/annex/orders/patch.contract'
import { PointsBody, RecipientBody } from '../../../src/rest/annex/points/post-points.contract'
import { UserBody } from '../../../src/rest/annex/users/users.contract'
import {
  AddTransactionBody,
  LineItemBody,
  PaymentModeBody,
} from '../../../src/rest/capillary/transactions/add-transaction.contract'
import { keepsRules } from '../../../src/rest/shared/contract-rules'
import { JsonNumber } from '../../../src/rest/shared/json'
import { Decimal } from '../../../src/domain/shared/decimal'

const GOOD = {
  ...{ id: 'x', userId: 'x', orderId: 'x', quantity: '1', unitPrice: new JsonNumber('2'), points: '1' },
  ...{ activity: 'credit', status: 'ship', orderStatus: 'SHIP', credit: '1', amount: '1', adminEmail: 'a' },
  ...{ reason: 'r', actionId: new JsonNumber('174'), orderTotalSpend: '1', orderTotalPoints: '1' },
  recipientId: 'x',
}
const filled = (contract: new () => object, values: object): object => Object.assign(new contract(), values)
const PARTS = [OrderLineBody, MovedLineBody, CartLineBody, IssuanceProductBody, RecipientBody]
const WHOLES = [OrderBody, OrderMoveBody, CartBody, IssuanceCreateBody, ManualSpendBody, PointsBody, UserBody]

const odd = fc.constantFrom<unknown>(null, '', 'x', '-1', 0, true, [], [null], {}, new JsonNumber('-3'))
const value = fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd })
/** Good members, some of which are odd or absent. */
const members = fc
  .record(Object.fromEntries(Object.keys(GOOD).map((name) => [name, value])))
  .map((spoiled) => ({
    ...GOOD,
    ...Object.fromEntries(Object.entries(spoiled).filter(([, one]) => one !== undefined)),
  }))
const part = fc
  .tuple(fc.constantFrom(...PARTS), members)
  .map(([contract, values]) => filled(contract, values))
const parts = fc.oneof(part, odd, fc.array(fc.oneof({ weight: 9, arbitrary: part }, odd), { maxLength: 3 }))
const body = fc.tuple(fc.constantFrom(...WHOLES), members, parts).map(([contract, values, inside]) =>
  filled(contract, {
    ...values,
    ...{ orderDetail: inside, productDetail: inside, productDetails: inside, recipientData: inside },
  }),
)

const figure = fc.constantFrom(undefined, new Decimal(1), new Decimal(-1), new Decimal(0), new Decimal('-0'))
const maybe = (good: unknown, ...bad: unknown[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(good) }, fc.constantFrom(undefined, ...bad))
const soldLine = fc
  .record({
    itemCode: maybe('sku'),
    type: maybe('REGULAR', 'NONE'),
    amount: maybe(new Decimal(1), new Decimal(-1)),
  })
  .map((values) => filled(LineItemBody, values))
const sale = fc
  .record({
    type: maybe('REGULAR', 'NONE'),
    billNumber: maybe('b-1', 'x'.repeat(51), 'a\u0001'),
    billAmount: fc.oneof({ weight: 9, arbitrary: fc.constant(new Decimal(1)) }, figure),
    deliveryStatus: maybe('PLACED', 'NONE'),
    lineItemsV2: fc.array(soldLine, { maxLength: 3 }),
    paymentModes: fc.array(
      maybe('paid', 'x'.repeat(251)).map((notes) => filled(PaymentModeBody, { notes })),
      { maxLength: 1 },
    ),
  })
  .map((values) => filled(AddTransactionBody, values))

describe('asking a contract class for its rules', () => {
  it('finds right nothing but what class-validator finds right, and nearly all of that', () => {
    const seen = { right: 0, found: 0 }
    fc.assert(
      fc.property(body, (one) => {
        const isRight = validateSync(one).length === 0
        const isFound = keepsRules(one)
        if (isRight) seen.right++
        if (isFound) seen.found++
        // Of lists in lists the library sees nothing: that is left to it.
        expect(isRight || !isFound).toBe(true)
      }),
      { numRuns: 3_000 },
    )
    expect(seen.found).toBeGreaterThan(100)
    expect(seen.found / seen.right).toBeGreaterThan(0.8)
  })

  it('knows the rules of the other door too, whose lines must name an item', () => {
    const seen = { right: 0, found: 0, wrong: 0 }
    fc.assert(
      fc.property(sale, (one) => {
        const isRight = validateSync(one, { forbidUnknownValues: false }).length === 0
        const isFound = keepsRules(one)
        if (isRight) seen.right++
        else seen.wrong++
        if (isFound) seen.found++
        expect(isFound).toBe(isRight)
      }),
      { numRuns: 500 },
    )
    expect(Math.min(seen.found, seen.wrong)).toBeGreaterThan(50)
  })

  it('leaves to the library what has no rules', () => {
    expect([keepsRules({}), keepsRules(new JsonNumber('1'))]).toEqual([false, false])
  })
})
