import type { Json, JsonObject } from '../shared/json'
import type { LineTerms } from './planned-return'
import type { TransactionLine } from './transaction'

/** What a line said when it was sold, from its attributes. Pure. */
export function termsOf({ attributes }: Pick<TransactionLine, 'attributes'>): LineTerms {
  const { serial, returnable, returnableDays } = attributes
  return {
    serial: serialOf(typeof serial === 'string' ? serial : undefined),
    returnable: returnable !== false,
    returnableDays: typeof returnableDays === 'number' && returnableDays >= 0 ? returnableDays : null,
    parts: ['comboDetails', 'splitDetails'].flatMap((name) => itemCodesIn(attributes[name])),
  }
}

const itemCodesIn = (parts: Json | undefined): readonly string[] =>
  (Array.isArray(parts) ? (parts as readonly JsonObject[]) : []).flatMap(({ itemCode }) =>
    typeof itemCode === 'string' ? [itemCode] : [],
  )

/** 0 stands for no serial number, as it does in answers. */
export const serialOf = (serial: string | undefined): string | null =>
  serial === undefined || serial === '0' ? null : serial
