import type { AnnexEndpoint } from '../routes'
import { getPointsExpiry } from './points-expiry.routes'
import { getBulkPoints, getPoints } from './points.routes'
import { postBulkPoints, postPoints } from './post-points.routes'

/** The Points module. */
export const pointsEndpoints: readonly AnnexEndpoint[] = [
  getPoints,
  getBulkPoints,
  postPoints,
  postBulkPoints,
  getPointsExpiry,
]
