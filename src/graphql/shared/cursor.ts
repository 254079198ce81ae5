import { isNumberId } from '../../domain/shared/ids'

/** How the positions of one list become cursors: opaque text that only this list takes back. */
export interface CursorCodec {
  /** What stands before the position that is encoded. */
  readonly prefix: string
  readonly encode: (position: string) => string
  /** Null for text that this list never gave out. */
  decode(cursor: string): string | null
}

/** A codec for positions of which `isPosition` is the whole truth: what passes it is safe to compare in the database. */
export const cursorCodec = (list: string, isPosition: (text: string) => boolean): CursorCodec => ({
  prefix: `${list}:`,
  encode: (position) => Buffer.from(`${list}:${position}`, 'latin1').toString('base64url'),
  decode(cursor) {
    const text = cursor.length <= 200 ? Buffer.from(cursor, 'base64url').toString('latin1') : ''
    const position = text.startsWith(`${list}:`) ? text.slice(list.length + 1) : ''
    return isPosition(position) ? position : null
  },
})

/** `2026-11-21T03:00:00.123456Z`, of a day that exists: PostgreSQL refuses the thirtieth of February. */
export function isInstantText(text: string): boolean {
  if (!INSTANT.test(text)) return false
  const millis = Date.parse(text)
  return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 19) === text.slice(0, 19)
}

export const isSequence = isNumberId

const INSTANT = /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/
