import type { Vendor } from '../shared/route'
import { type CapillaryDeps, failure, signedRoute } from './call'
import { capillaryEndpoints } from './endpoints'
import { CapillaryRefusal, item, refusal } from './errors'
import { generateToken } from './oauth.routes'
import { capillaryOpenApi } from './openapi'
import { VerifiedSecrets } from './verified-secrets'

export { billPolicyOf } from './bill-policy'
export type { CapillaryDeps } from './call'

/** The Capillary-compatible door: `/v2` and `/v3`. */
export function createCapillary(deps: CapillaryDeps): Vendor {
  const withMemory = { ...deps, verified: new VerifiedSecrets(deps.clock) }
  return {
    name: 'capillary',
    prefix: ['/v2', '/v3'],
    routes: [
      ...capillaryEndpoints.map((endpoint) => signedRoute(withMemory, endpoint)),
      generateToken(withMemory),
    ],
    openapi: capillaryOpenApi(),
    notFound: (request) => failure(refusal(404, 404, 'There is no such resource.'), request),
    methodNotAllowed: (request, allowed) =>
      failure(
        new CapillaryRefusal(405, [item(405, 'The resource does not support this method.')], {
          Allow: allowed.join(', '),
        }),
        request,
      ),
    failed: failure,
  }
}
