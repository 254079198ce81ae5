import { Decimal } from '../../../domain/shared/decimal'
import { type Amount, sumAmounts, toAmount } from '../../../domain/shared/money'
import type { ExchangeTransaction } from '../../../domain/transactions/exchange-transaction'
import type { RequestedLine } from '../../../domain/transactions/original-bill'
import type { RecordTransaction } from '../../../domain/transactions/record-transaction'
import type { ReturnTransaction } from '../../../domain/transactions/return-transaction'
import { serialOf, termsOf } from '../../../domain/transactions/line-terms'
import type { RequestedReturn, ReturnPolicy } from '../../../domain/transactions/planned-return'
import type { BillNumberRule } from '../../../domain/transactions/transaction'
import type { CapillarySettings } from '../settings'
import type { AddTransactionBody, LineItemBody } from './add-transaction.contract'
import {
  type BillContext,
  type MappedBill,
  type SaleContext,
  toRecordTransaction,
} from './add-transaction.mapping'
import { netAmount, storedAmount } from './amounts'
import { comesBack, lineReturnType, namesParents, RETURN_TYPES } from './bill-kind'

/** A return as a command (section 7). Pure. */
export function toReturnTransaction(
  body: AddTransactionBody,
  bill: MappedBill,
  context: BillContext &
    Pick<SaleContext, 'runsLoyalty' | 'defersLoyalty' | 'requestId'> & {
      readonly who: ReturnTransaction['member']
    },
): ReturnTransaction {
  const { amount, billNumber: _number, ...facts } = bill.facts
  const { settings } = context
  return {
    ...facts,
    billNumber: body.billNumber ?? null,
    generatedNumber: context.generatedNumber,
    billNumberRule: returnNumbers(settings),
    member: context.who,
    lines: bill.lines,
    linesAmount: body.billAmount ? amount : null,
    returns: namesParents(body) ? parentReturns(body, context) : [headerReturn(body, amount, context)],
    strays: namesParents(body)
      ? (body.lineItemsV2 ?? []).filter(isStray).map((line) => requestedLine(line, context))
      : [],
    policy: toReturnPolicy(settings),
    isDatedByClient: body.billingDate !== undefined,
    runsLoyalty: context.runsLoyalty,
    defersLoyalty: context.defersLoyalty,
    requestId: context.requestId,
  }
}

/** A sale with return lines as a command (section 8). Pure. */
export function toExchangeTransaction(
  body: AddTransactionBody,
  bill: MappedBill,
  context: SaleContext,
): ExchangeTransaction {
  const sale: RecordTransaction = toRecordTransaction(bill, context)
  const sent = body.lineItemsV2 ?? []
  const coming = sent.filter((line) => comesBack(line, context.kind))
  return {
    ...sale,
    lines: bill.lines.map((line, index) => ({
      ...line,
      isReturn: coming.includes(sent[index] as LineItemBody),
    })),
    returns: lineReturns(coming, (line) => lineReturnType(line, body), body, context),
    policy: toReturnPolicy(context.settings),
    isDatedByClient: body.billingDate !== undefined,
  }
}

const isStray = ({ parentBillNumber }: LineItemBody): boolean => parentBillNumber === undefined

/** One bill, named by the header. */
function headerReturn(body: AddTransactionBody, billAmount: Amount, context: BillContext): RequestedReturn {
  const lines = (body.lineItemsV2 ?? []).map((line) => requestedLine(line, context))
  const { id = null, billNumber = null, purchaseTime } = body
  return {
    reference:
      id === null && billNumber === null ? null : { id, billNumber, purchasedAt: purchaseTime?.at ?? null },
    request: requestOf(body.returnType, billAmount, lines),
    statedAmount: body.billAmount ? billAmount : statedBy(body.lineItemsV2 ?? [], context),
  }
}

/** Several bills, each named by lines of its own; a header of another kind than LINE_ITEM speaks for all its lines. */
function parentReturns(body: AddTransactionBody, context: BillContext): readonly RequestedReturn[] {
  const named = (body.lineItemsV2 ?? []).filter((line) => !isStray(line))
  const byLine = body.returnType === 'LINE_ITEM'
  const returns = lineReturns(
    named,
    (line) => (byLine ? (line.returnType ?? 'LINE_ITEM') : body.returnType),
    body,
    context,
  )
  const [only] = returns
  if (body.returnType !== 'AMOUNT' || !only || returns.length > 1 || !body.billAmount) return returns
  const amount = storedAmount(body.billAmount, context.exchange, context.settings)
  return [{ ...only, request: { kind: 'AMOUNT', amount }, statedAmount: amount }]
}

/** Lines that belong to one bill and come back in one way are one return, in the order of their first lines. */
function lineReturns(
  lines: readonly LineItemBody[],
  typeOf: (line: LineItemBody) => string | undefined,
  { purchaseTime }: AddTransactionBody,
  context: BillContext,
): readonly RequestedReturn[] {
  const groups = new Map<string, LineItemBody[]>()
  for (const line of lines) {
    const key = JSON.stringify([line.parentBillNumber ?? null, typeOf(line), line.purchaseTime?.at ?? null])
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [LineItemBody]
    const stated = statedBy(group, context)
    const purchasedAt = (first.purchaseTime ?? purchaseTime)?.at ?? null
    return {
      reference: isStray(first)
        ? null
        : { id: null, billNumber: first.parentBillNumber ?? null, purchasedAt },
      request: requestOf(
        typeOf(first),
        stated,
        group.map((line) => requestedLine(line, context)),
      ),
      statedAmount: stated,
    }
  })
}

function requestOf(
  type: string | undefined,
  amount: Amount,
  lines: readonly RequestedLine[],
): RequestedReturn['request'] {
  // The type is known to be one: it was checked with the body.
  const kind = RETURN_TYPES[type ?? ''] ?? 'LINE_ITEM'
  if (kind === 'AMOUNT') return { kind, amount }
  return kind === 'LINE_ITEM' ? { kind, lines } : { kind }
}

const statedBy = (lines: readonly LineItemBody[], { exchange, settings }: BillContext): Amount =>
  sumAmounts(lines.map((line) => storedAmount(netAmount(line), exchange, settings)))

function requestedLine(line: LineItemBody, { exchange, settings }: BillContext): RequestedLine {
  const amount = (value: Decimal | undefined) => (value ? storedAmount(value, exchange, settings) : null)
  return {
    itemCode: line.itemCode ?? '',
    quantity: toAmount(line.qty ?? new Decimal(1)),
    amount: amount(line.amount),
    rate: line.rate?.isZero() ? null : amount(line.rate),
    serial: serialOf(line.serial),
  }
}

/** Returns repeat the number of their original, unless the organization numbers them, too. */
export const returnNumbers = ({ returns }: CapillarySettings): BillNumberRule =>
  returns.uniqueNumbers ? { scope: 'RETURNS', windowDays: 36_500 } : { scope: null, windowDays: 0 }

export const toReturnPolicy = ({ returns, amountRounding }: CapillarySettings): ReturnPolicy => ({
  takesUnknown: returns.takesUnknown,
  takesUnnamed: returns.takesUnnamed,
  reversesPoints: returns.reversesPoints,
  takesFromFormerMembers: returns.takesFromFormerMembers,
  amountDecimals: amountRounding.places,
  termsOf,
})
