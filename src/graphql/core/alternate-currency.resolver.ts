import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { Needs } from '../shared/scope'
import { CurrencyBalanceType } from './alternate-currency.type'
import type { CoreContext } from './loaders'
import type { MemberRow } from './member.resolver'
import { MemberType } from './member.type'

@Resolver(() => MemberType)
export class MemberCurrenciesResolver {
  @FieldResolver(() => [CurrencyBalanceType], {
    description:
      "The member's wallets of the default program's currencies beside points, in the order of their identifiers.",
  })
  @Needs('read')
  alternateCurrencies(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return loaders.currencyBalancesOf.load(id)
  }
}
