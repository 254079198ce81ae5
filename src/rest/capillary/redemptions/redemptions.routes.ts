import type { CapillaryEndpoint } from '../call'
import { redeemPoints } from './redeem'
import { reversePoints } from './reverse'
import { updateRedemption } from './update'

export const redemptionEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'POST',
    path: '/v2/customers/:userId/redemptions',
    operation: 'redeemPoints',
    handle: redeemPoints,
  },
  {
    method: 'POST',
    path: '/v2/points/reverse',
    operation: 'reversePoints',
    handle: reversePoints,
  },
  {
    method: 'PUT',
    path: '/v2/points/updateRedemption',
    operation: 'updateRedemption',
    handle: updateRedemption,
  },
]
