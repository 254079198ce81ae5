import { bulkEndpoints } from './bulk/add-transactions'
import type { CapillaryEndpoint } from './call'
import { customerEndpoints } from './customers/customers.routes'
import { organizationEndpoints } from './organization/currency-ratio'
import { redemptionEndpoints } from './redemptions/redemptions.routes'
import { transactionEndpoints } from './transactions/transactions.routes'
import { updateEndpoints } from './updates/update-transaction'

/** Every endpoint of this door that asks for a sign-in; the exchange of a key for a token is the other one. */
export const capillaryEndpoints: readonly CapillaryEndpoint[] = [
  ...transactionEndpoints,
  ...bulkEndpoints,
  ...customerEndpoints,
  ...updateEndpoints,
  ...redemptionEndpoints,
  ...organizationEndpoints,
]
