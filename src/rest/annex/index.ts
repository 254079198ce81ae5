import type { Vendor } from '../shared/route'
import { signIn } from './auth'
import { annexEndpoints } from './endpoints'
import { failed, methodNotAllowed, noSuchPath } from './errors'
import { annexOpenApi } from './openapi'
import { type AnnexDeps, routeOf } from './routes'
import { PREFIX } from './settings'

export type { AnnexLog } from './auth'
export type { AnnexDeps } from './routes'

/** The Annex Cloud door: the vendor's documented endpoints, in the vendor's words. */
export const createAnnex = (deps: AnnexDeps): Vendor => ({
  name: 'annex',
  prefix: [PREFIX],
  routes: annexEndpoints.map((endpoint) => routeOf(deps, endpoint)),
  openapi: annexOpenApi(),
  notFound: noSuchPath,
  async methodNotAllowed(request, allowed) {
    // Who may not come in is not told what is here (contract, section 11, 10).
    await signIn(deps, request)
    return methodNotAllowed(allowed)
  },
  failed,
})
