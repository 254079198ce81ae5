import { issuanceEndpoints } from './issuances/issuances.routes'
import { orderEndpoints } from './orders/orders.routes'
import { pointsEndpoints } from './points/points.endpoints'
import type { AnnexEndpoint } from './routes'
import { userEndpoints } from './users/users.routes'

/** Every endpoint of this door. */
export const annexEndpoints: readonly AnnexEndpoint[] = [
  ...orderEndpoints,
  ...issuanceEndpoints,
  ...pointsEndpoints,
  ...userEndpoints,
]
