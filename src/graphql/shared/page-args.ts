import { Arg, Int } from 'type-graphql'
import type { PageRequest } from '../../domain/shared/pages'
import type { CursorCodec } from './cursor'
import { badInput } from './errors'

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
