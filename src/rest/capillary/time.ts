import { DateTime, FixedOffsetZone, Info } from 'luxon'
import { type ClientInstant, type Instant, instantOf, millisOf } from '../../domain/shared/instant'
import type { JsonValue } from '../shared/json'
import { type Read, trimmed, UNREADABLE } from './lenient'

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ]\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{1,2}(?::?\d{2})?)?)?$/

/**
 * A moment as clients write it (section 11): ISO 8601 with or without offset, fractions, seconds or even a time; a
 * blank instead of the T; one-digit offset hours. No offset is UTC. Null when it is none, or a day that does not exist.
 */
export function parseMoment(text: string): ClientInstant | null {
  const match = MOMENT.exec(text.trim())
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match
  const wall = DateTime.fromObject(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    },
    { zone: 'utc' },
  )
  const minutes = offsetMinutes(offset)
  if (!wall.isValid || wall.year < 1 || minutes === null) return null
  const utc = wall.minus({ minutes }).toFormat("yyyy-MM-dd'T'HH:mm:ss")
  return {
    at: `${utc}.${fraction.slice(0, 6).padEnd(6, '0')}Z` as Instant,
    offset: offsetText(offset, minutes),
  }
}

/** Reads a moment of a body. */
export function moment(value: JsonValue | undefined): Read<ClientInstant> {
  const read = trimmed(value)
  return typeof read === 'string' ? (parseMoment(read) ?? UNREADABLE) : read
}

/**
 * `yyyy-MM-dd'T'HH:mm:ssXXX` in a zone: no fractions, and Z where the offset is zero. An answer has one for each line and
 * more, so that only the zone's offset is looked up and the rest is arithmetic.
 */
export function formatMoment(instant: Instant, zone: string): string {
  const millis = millisOf(instant)
  if (!(millis >= YEAR_1973 && millis < YEAR_9999)) return formatAnyMoment(instant, zone)
  const minutes = zone === 'UTC' ? 0 : Math.trunc(Info.normalizeZone(zone).offset(millis))
  const local = new Date(millis + minutes * 60_000).toISOString().slice(0, 19)
  return local + (minutes === 0 ? 'Z' : signedOffset(minutes))
}

/**
 * The day of each of many moments in a zone, as `formatMoment` begins. A zone's offset is looked up for the ends of a day
 * of UTC, and where they agree not again: no zone changes its clock twice a day.
 */
export function daysIn(zone: string): (instant: Instant) => string {
  const constant = new Map<number, number | null>()
  const offsetAt = (millis: number): number => Math.trunc(Info.normalizeZone(zone).offset(millis))
  return (instant) => {
    const millis = millisOf(instant)
    if (!(millis >= YEAR_1973 && millis < YEAR_9999)) return formatMoment(instant, zone).split('T')[0] ?? ''
    const day = Math.floor(millis / DAY_MILLIS)
    let minutes = constant.get(day)
    if (minutes === undefined) {
      const [first, last] = [offsetAt(day * DAY_MILLIS), offsetAt((day + 1) * DAY_MILLIS - 1)]
      minutes = first === last ? first : null
      constant.set(day, minutes)
    }
    return new Date(millis + (minutes ?? offsetAt(millis)) * 60_000).toISOString().slice(0, 10)
  }
}

const DAY_MILLIS = 86_400_000

/** From here to there offsets are whole minutes, and years have four digits whatever the zone. */
const YEAR_1973 = Date.UTC(1973)
const YEAR_9999 = Date.UTC(9999)

function formatAnyMoment(instant: Instant, zone: string): string {
  const local = DateTime.fromISO(instant, { zone })
  return local.offset === 0 ? local.toFormat(`${LOCAL}'Z'`) : local.toFormat(`${LOCAL}ZZ`)
}

/** How the vendor says until when something is good: the last second of it. */
export const lastSecondBefore = (end: Instant): Instant => instantOf(millisOf(end) - 1000)

/** `yyyy-MM-dd HH:mm:ss` in a zone, as older answers say a moment. */
export const formatOldMoment = (instant: Instant, zone: string): string =>
  DateTime.fromISO(instant, { zone }).toFormat('yyyy-MM-dd HH:mm:ss')

/** The clock on the client's wall, without an offset: what orgs see that switched the conversion off. */
export function formatWallClock(instant: Instant, offset: string | null): string {
  const zone = FixedOffsetZone.instance(offsetMinutes(offset ?? 'Z') ?? 0)
  return DateTime.fromISO(instant, { zone }).toFormat(LOCAL)
}

/** `23rd Sep, 2021`, as raw side effects say a day. */
export function formatDay(instant: Instant, zone: string): string {
  const local = DateTime.fromISO(instant, { zone })
  return `${local.day}${ordinal(local.day)} ${local.toFormat('LLL, yyyy', { locale: 'en' })}`
}

const LOCAL = "yyyy-MM-dd'T'HH:mm:ss"

function offsetMinutes(offset: string | undefined): number | null {
  if (offset === undefined || offset.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(offset) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  if (Number(minutes) > 59 || total > 18 * 60) return null
  return sign === '-' ? -total : total
}

function offsetText(offset: string | undefined, minutes: number): string | null {
  if (offset === undefined) return null
  return offset.toUpperCase() === 'Z' ? 'Z' : signedOffset(minutes)
}

/** `+05:30` */
function signedOffset(minutes: number): string {
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}
