import type { Vendor } from '../shared/route'
import { failed, methodNotAllowed, noSuchPath } from './errors'
import { createOrder } from './orders/orders.routes'
import { getPoints } from './points/points.routes'
import { type AnnexDeps, PREFIX, routeOf } from './routes'

export type { AnnexLog } from './auth'
export type { AnnexDeps } from './routes'

/** The Annex Cloud door: the vendor's documented endpoints, in the vendor's words. */
export const createAnnex = (deps: AnnexDeps): Vendor => ({
  name: 'annex',
  prefix: [PREFIX],
  routes: [createOrder, getPoints].map((endpoint) => routeOf(deps, endpoint)),
  notFound: noSuchPath,
  methodNotAllowed: (_request, allowed) => methodNotAllowed(allowed),
  failed,
})
