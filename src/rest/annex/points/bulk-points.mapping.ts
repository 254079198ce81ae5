import { textFrom, toPointsNumber } from '../values'
import { balancesOf, debitOf, type PointsAnswer, spendableAtOnce, toStoreDetails } from './post-points.answer'
import { actionIdOf } from './post-points.mapping'
import type { Answer } from '../../shared/openapi'
import type { BULK_POINTS_RESULT } from './points.answers'

/** One entry's answer: the two words for the amount are swapped against the request (seed 002). */
export function toBulkResult({
  siteId,
  body,
  receipt,
  store,
}: Pick<PointsAnswer, 'siteId' | 'body' | 'receipt' | 'store'>): Partial<Answer<typeof BULK_POINTS_RESULT>> {
  const isCredit = body.activity.trim().toUpperCase() === 'CREDIT'
  const { pointsDeducted, pointsNotDeducted } = debitOf({ receipt })
  return {
    siteId,
    id: textFrom(body.id),
    actionId: actionIdOf(body) ?? undefined,
    activity: isCredit ? 'CREDIT' : 'DEBIT',
    'credit/debit': receipt.asked === null ? undefined : toPointsNumber(receipt.asked),
    storeDetails: toStoreDetails(body.storeId, store),
    ...(isCredit
      ? { pointsAwarded: receipt.moved === null ? undefined : toPointsNumber(spendableAtOnce(receipt)) }
      : // Of a shortage 0, not null as in POST /points: it is documented as a number here.
        { pointsDeducted: pointsDeducted ?? (receipt.asked === null ? undefined : 0), pointsNotDeducted }),
    reason: body.reason === undefined ? undefined : textFrom(body.reason),
    ...balancesOf({ receipt }),
  }
}
