import type { ActivityFilter, EntryKind } from '../../domain/points/activity'
import type { ClientInstant } from '../../domain/shared/instant'
import type { PageRequest, Period } from '../../domain/shared/pages'
import { cursorCodec, isSequence } from '../shared/cursor'
import { type ListOrder, pageRequest, periodOf } from '../shared/page-args'

export const activityCursors = cursorCodec('activities', isSequence)

/** What `Member.activities` is asked with. */
export interface ActivityArgs {
  readonly first: number
  readonly orderBy: ListOrder
  readonly after?: string | null | undefined
  readonly kinds?: readonly EntryKind[] | null | undefined
  readonly from?: ClientInstant | null | undefined
  readonly until?: ClientInstant | null | undefined
}

/** The page of a journal that is asked for; refuses what pageRequest refuses. */
export function activityRequest({
  first,
  after,
  kinds,
  from,
  until,
}: Omit<ActivityArgs, 'orderBy'>): PageRequest & { readonly only?: ActivityFilter } {
  const request = pageRequest(first, after, activityCursors)
  const period = periodOf(from, until)
  return period || kinds ? { ...request, only: { ...(period ?? ALWAYS), kinds: kinds ?? null } } : request
}

const ALWAYS: Period = { from: null, until: null }
