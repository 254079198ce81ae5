import type { Member } from '../../../domain/members/member'
import type { Answer, Call, CapillaryEndpoint } from '../call'
import { customerDetails, customerId, loyaltyDetails } from './details'
import { customerById, customerByIdentifier } from './lookup'
import { pointsBalance, pointsExpirySchedule, promisedPointsSchedule, tierDetails } from './points'
import { registerCustomer } from './register'
import { customerTransactions } from './transactions'

type About = (call: Call, member: Member) => Promise<Answer>

/** What can be read of a customer, by number and by identifier. Two generations of the pages spell the balance's address differently. */
const BY_ID: readonly (readonly [path: string, operation: string, about: About])[] = [
  ['/v2/customers/:userId', 'getCustomer', customerDetails],
  ['/v2/customers/:userId/loyaltyDetails', 'getCustomerLoyaltyDetails', loyaltyDetails],
  ['/v2/customers/:userId/transactions', 'getCustomerTransactions', customerTransactions],
  ['/v2/customers/:userId/pointsExpirySchedule', 'getPointsExpirySchedule', pointsExpirySchedule],
  ['/v2/customers/points/balance/:userId', 'getPointsBalance', pointsBalance],
  ['/v2/customers/:userId/points/balance', 'getPointsBalance', pointsBalance],
  ['/v2/customers/:userId/tierDetails', 'getTierDetails', tierDetails],
  ['/v2/customers/tierDetails/:userId/tierDetails', 'getTierDetails', tierDetails],
  ['/v2/customers/:userId/promisedPointsSchedule', 'getPromisedPointsSchedule', promisedPointsSchedule],
]

const BY_IDENTIFIER: readonly (readonly [path: string, operation: string, about: About])[] = [
  ['/v2/customers/lookup', 'lookupCustomerId', customerId],
  ['/v2/customers/lookup/customerDetails', 'lookupCustomerDetails', customerDetails],
  ['/v2/customers/lookup/pointsExpirySchedule', 'lookupPointsExpirySchedule', pointsExpirySchedule],
  ['/v2/customers/points/balance', 'lookupPointsBalance', pointsBalance],
  ['/v2/customers/lookup/points/balance', 'lookupPointsBalance', pointsBalance],
  ['/v2/customers/lookup/tierDetails', 'lookupTierDetails', tierDetails],
  ['/v2/customers/lookup/promisedPointsSchedule', 'lookupPromisedPointsSchedule', promisedPointsSchedule],
]

export const customerEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'POST',
    path: '/v2/customers',
    operation: 'registerCustomer',
    handle: registerCustomer,
  },
  ...BY_ID.map((entry) => reading(entry, customerById)),
  ...BY_IDENTIFIER.map((entry) => reading(entry, customerByIdentifier)),
]

function reading(
  [path, operation, about]: (typeof BY_ID)[number],
  find: (call: Call) => Promise<Member>,
): CapillaryEndpoint {
  return { method: 'GET', path, operation, handle: async (call) => about(call, await find(call)) }
}
