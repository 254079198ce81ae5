import type { Door } from '../../domain/programs/tenant'
import type { BillPolicies } from '../../domain/transactions/bill-policy'
import { DOOR } from './auth'
import { settingsOf } from './settings'
import { judgeOutliers } from './transactions/outliers'
import { returnNumbers, toReturnPolicy } from './transactions/returns.mapping'

/** A tenant without this door: its bills follow the defaults. */
const NO_DOOR: Door = { name: DOOR, externalId: '', settings: {} }

/** What a tenant's settings say about bills, for whoever else takes some: the same rules through every door. */
export const billPolicyOf: BillPolicies = ({ setup }) => {
  const settings = settingsOf(setup.doors.get(DOOR) ?? NO_DOOR)
  return {
    saleNumbers: settings.billNumberRule,
    returnNumbers: returnNumbers(settings),
    returns: toReturnPolicy(settings),
    ignoresPoints: (billNumber) =>
      settings.ignoredBillPrefixes.some((prefix) => billNumber.startsWith(prefix)),
    judge: (bill) => judgeOutliers(bill, settings),
  }
}
