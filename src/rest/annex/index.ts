import type { Vendor } from '../shared/route'
import { signIn } from './auth'
import { failed, methodNotAllowed, noSuchPath } from './errors'
import { issuanceEndpoints } from './issuances/issuances.routes'
import { orderEndpoints } from './orders/orders.routes'
import { pointsEndpoints } from './points/points.endpoints'
import { type AnnexDeps, routeOf } from './routes'
import { userEndpoints } from './users/users.routes'
import { PREFIX } from './settings'

export type { AnnexLog } from './auth'
export type { AnnexDeps } from './routes'

/** The Annex Cloud door: the vendor's documented endpoints, in the vendor's words. */
export const createAnnex = (deps: AnnexDeps): Vendor => ({
  name: 'annex',
  prefix: [PREFIX],
  routes: [...orderEndpoints, ...issuanceEndpoints, ...pointsEndpoints, ...userEndpoints].map((endpoint) =>
    routeOf(deps, endpoint),
  ),
  notFound: noSuchPath,
  async methodNotAllowed(request, allowed) {
    // Who may not come in is not told what is here (contract, section 11, 10).
    await signIn(deps, request)
    return methodNotAllowed(allowed)
  },
  failed,
})
