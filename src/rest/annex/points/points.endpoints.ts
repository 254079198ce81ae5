import type { AnnexEndpoint } from '../routes'
import { getPointsExpiry } from './points-expiry.routes'
import { getPoints } from './points.routes'
import { postBulkPoints, postPoints } from './post-points.routes'

/** The Points module. */
export const pointsEndpoints: readonly AnnexEndpoint[] = [
  getPoints,
  postPoints,
  postBulkPoints,
  getPointsExpiry,
]
