import type { Route } from '../../shared/route'
import type { AuthDeps } from '../auth'
import { type CapillaryDeps, signedRoute } from '../call'
import { redeemPoints } from './redeem'
import { reversePoints } from './reverse'
import { updateRedemption } from './update'

export const redemptionRoutes = (deps: CapillaryDeps & AuthDeps): readonly Route[] => [
  signedRoute(deps, {
    method: 'POST',
    path: '/v2/customers/:userId/redemptions',
    operation: 'capillary.redeemPoints',
    handle: redeemPoints,
  }),
  signedRoute(deps, {
    method: 'POST',
    path: '/v2/points/reverse',
    operation: 'capillary.reversePoints',
    handle: reversePoints,
  }),
  signedRoute(deps, {
    method: 'PUT',
    path: '/v2/points/updateRedemption',
    operation: 'capillary.updateRedemption',
    handle: updateRedemption,
  }),
]
