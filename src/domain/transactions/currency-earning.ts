import { type BillEarning, earnByBill, earnsAnything } from '../points/earning'
import type { Program } from '../programs/program'
import type { Amount } from '../shared/money'

/** What a bill earns of one of its program's further currencies. */
export interface CurrencyEarning extends BillEarning {
  readonly identifier: string
  readonly name: string
}

/**
 * What a bill earns of each further currency of its program: at the currency's own rate, on the amounts that points are
 * earned on and cut to the same decimals. One without a rate any more earns nothing, and is left out. Pure.
 */
export const currenciesEarned = (
  { alternateCurrencies, transactions, pointsDecimals }: Program,
  base: { readonly bill: Amount; readonly lines: readonly Amount[] },
): readonly CurrencyEarning[] =>
  alternateCurrencies
    .filter(({ perCurrencyUnit }) => perCurrencyUnit.gt(0))
    .map(({ identifier, name, perCurrencyUnit }) => {
      const rule = { pointsPerCurrencyUnit: perCurrencyUnit, basis: transactions?.basis ?? 'line-net' }
      return { identifier, name, ...earnByBill(rule, base.bill, base.lines, pointsDecimals) }
    })

export const earnsCurrency = ({
  currencies,
}: {
  readonly currencies: readonly Pick<CurrencyEarning, 'awarded'>[]
}): boolean => currencies.some(({ awarded }) => earnsAnything(awarded))
