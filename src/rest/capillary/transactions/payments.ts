import { Decimal } from '../../../domain/shared/decimal'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { toAmount } from '../../../domain/shared/money'
import type { NewTransactionPayment } from '../../../domain/transactions/transaction'
import { isJsonArray, isJsonMap, type JsonMap, plainJson } from '../../shared/json'
import type { Code } from '../codes'
import { item, type StatusItem } from '../errors'
import { decimal, UNREADABLE } from '../lenient'
import type { CapillarySettings } from '../settings'
import type { PaymentModeBody } from './add-transaction.contract'
import { type Exchange, isTooLarge } from './amounts'

type Tenders = CapillarySettings['tenders']

/** The payments of a sale that can be kept, and warnings for the rest: they never stop the sale (section 20). Pure. */
export function paymentsOf(
  modes: readonly PaymentModeBody[],
  tenders: Tenders,
  exchange: Exchange,
): { readonly payments: readonly NewTransactionPayment[]; readonly warnings: readonly StatusItem[] } {
  const read = modes.map((mode) => paymentOf(mode, tenders, exchange))
  return {
    payments: read.flatMap(({ payment }) => (payment ? [payment] : [])),
    warnings: read.flatMap(({ warnings }) => warnings),
  }
}

interface ReadPayment {
  readonly payment: NewTransactionPayment | null
  readonly warnings: readonly StatusItem[]
}

function paymentOf(
  { mode, value, notes, attributes }: PaymentModeBody,
  tenders: Tenders,
  exchange: Exchange,
): ReadPayment {
  if (mode === undefined) return dropped(9603, 'A payment mode has no name; it was not added.')
  const known = tenderNamed(mode, tenders)
  if (known === null) return dropped(9607, `The payment mode ${mode} is unknown.`)
  const paid = decimal(value) ?? new Decimal(0)
  if (paid === UNREADABLE || isTooLarge(paid, exchange))
    return dropped(9603, `The value of payment mode ${mode} cannot be read; it was not added.`)
  const kept = attributesOf(attributes ?? {}, mode, known.attributes)
  const amount = toAmount(paid.times(exchange.rate))
  return { payment: { mode, amount, notes: notes ?? '', attributes: kept.values }, warnings: kept.warnings }
}

const dropped = (code: Code, message: string): ReadPayment => ({
  payment: null,
  warnings: [item(code, message)],
})

function attributesOf(attributes: JsonMap, mode: string, known: readonly string[]) {
  const values: [string, Json][] = []
  const warnings: StatusItem[] = []
  for (const [name, value = null] of Object.entries(attributes)) {
    if (!known.some((candidate) => plain(candidate) === plain(name)))
      warnings.push(item(9613, `The payment mode ${mode} has no attribute ${name}.`))
    else if (isJsonMap(value) || isJsonArray(value))
      warnings.push(item(9609, `The attribute ${name} of payment mode ${mode} is not valid.`))
    else values.push([name, plainJson(value)])
  }
  return { values: Object.fromEntries(values) as JsonObject, warnings }
}

export interface Tender {
  /** Its place in the setup, from 1. */
  readonly position: number
  readonly attributes: readonly string[]
}

/** A configured tender by name, without regard to letter case and blanks: `Card Payment` is `CardPayment`. */
export function tenderNamed(mode: string, tenders: Tenders): Tender | null {
  const entries = [...Object.entries(tenders).entries()]
  const found = entries.find(([, [name]]) => plain(name) === plain(mode))
  if (!found) return null
  const [index, [, attributes]] = found
  return { position: index + 1, attributes }
}

const plain = (name: string): string => name.toLowerCase().replace(/\s+/g, '')
