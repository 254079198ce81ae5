import { Arg, ID, Int, registerEnumType } from 'type-graphql'
import type { ClientInstant } from '../../domain/shared/instant'
import type { PageRequest, Period } from '../../domain/shared/pages'
import type { CursorCodec } from './cursor'
import { badInput } from './errors'
import { DateTimeScalar } from './scalars'

export const MAX_PAGE_SIZE = 100
const DEFAULT_PAGE_SIZE = 20

export const First = () =>
  Arg('first', () => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many to give, 1 to ${MAX_PAGE_SIZE}.`,
  })

export const After = () =>
  Arg('after', () => String, {
    nullable: true,
    description: 'A cursor of this list: give what comes after it. Absent: from the start.',
  })

export const From = () =>
  Arg('from', () => DateTimeScalar, { nullable: true, description: 'Only what happened then or later.' })

export const Until = () =>
  Arg('until', () => DateTimeScalar, { nullable: true, description: 'Only what happened before.' })

/** The two directions of a list by time. */
export const ListOrder = { NEWEST: 'NEWEST', OLDEST: 'OLDEST' } as const
export type ListOrder = keyof typeof ListOrder
registerEnumType(ListOrder, {
  name: 'ListOrder',
  description: 'The order of a list by time.',
  valuesConfig: {
    NEWEST: { description: 'The newest first.' },
    OLDEST: { description: 'The oldest first.' },
  },
})

export const OrderBy = () =>
  Arg('orderBy', () => ListOrder, { defaultValue: ListOrder.NEWEST, description: 'Which comes first.' })

export const InStore = () =>
  Arg('storeId', () => ID, { nullable: true, description: 'Only what was booked on this Store.' })

/** The period that two arguments say; null when neither does. */
export const periodOf = (
  from: ClientInstant | null | undefined,
  until: ClientInstant | null | undefined,
): Period | null => (from || until ? { from: from?.at ?? null, until: until?.at ?? null } : null)

/**
 * The page that two arguments ask for; refuses sizes out of range and cursors of another list. Plain checks and not
 * class-validator, because a nested list asks once per parent.
 */
export function pageRequest(
  first: number,
  after: string | null | undefined,
  cursors: CursorCodec,
): PageRequest {
  if (first < 1 || first > MAX_PAGE_SIZE)
    throw badInput({ path: 'first', message: `must be 1 to ${MAX_PAGE_SIZE}` })
  if (after === null || after === undefined) return { first, after: null }
  const position = cursors.decode(after)
  if (position === null) throw badInput({ path: 'after', message: 'must be a cursor that this list gave' })
  return { first, after: position }
}
