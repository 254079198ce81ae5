import type { ClientInstant } from '../../../domain/shared/instant'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { isJsonArray, isJsonMap, type JsonMap, plainJson, type JsonValue } from '../../shared/json'
import { item, type StatusItem } from '../errors'
import { decimal, flag, isAbsent, text, UNREADABLE } from '../lenient'
import type { ErrorCatalogue, FieldType } from '../settings'
import { formatWallClock, moment, parseMoment } from '../time'

/** What is kept of a map of fields, and a warning for each that is not. */
export interface KeptFields {
  readonly values: JsonObject
  readonly warnings: readonly StatusItem[]
}

/** Extended fields by their configured types; a field that is unknown or does not fit its type is dropped (91016). Pure. */
export function extendedFields(fields: JsonMap = {}, types: ReadonlyMap<string, FieldType>): KeptFields {
  return keep(fields, (name, value) => {
    const type = types.get(name)
    const typed = type === undefined ? UNREADABLE : READERS[type](value)
    return typed === UNREADABLE
      ? item(91016, `The extended field ${name} is unknown or not valid; it was dropped.`)
      : { typed }
  })
}

/** Custom fields as sent; one that is unknown or no single value is dropped (669). Pure. */
export function customFields(fields: JsonMap = {}, known: ReadonlySet<string>): KeptFields {
  return keep(fields, (name, value) =>
    known.has(name) && !isJsonMap(value) && !isJsonArray(value)
      ? { typed: plainJson(value) }
      : item(669, `The custom field ${name} is unknown or not valid; it was not stored.`),
  )
}

/** Custom fields of a sale; what is no map of fields cannot be added at all (9604, in the newer catalogue 1106). Pure. */
export function customFieldsOf(
  sent: JsonValue | undefined,
  known: ReadonlySet<string>,
  catalogue: ErrorCatalogue,
): KeptFields {
  if (isAbsent(sent)) return { values: {}, warnings: [] }
  if (isJsonMap(sent)) return customFields(sent, known)
  const code = catalogue === 'current' ? 1106 : 9604
  return { values: {}, warnings: [item(code, 'customFields cannot be read; no custom field was added.')] }
}

function keep(
  fields: JsonMap,
  read: (name: string, value: JsonValue) => { typed: Json } | StatusItem,
): KeptFields {
  const values: [string, Json][] = []
  const warnings: StatusItem[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || isAbsent(value)) continue
    const kept = read(name, value)
    if ('typed' in kept) values.push([name, kept.typed])
    else warnings.push(kept)
  }
  return { values: Object.fromEntries(values), warnings }
}

type FieldReader = (value: JsonValue) => Json | typeof UNREADABLE

const READERS: Record<FieldType, FieldReader> = {
  string: (value) => text(value) ?? '',
  number: (value) => {
    const read = decimal(value)
    return read === undefined || read === UNREADABLE ? UNREADABLE : read.toNumber()
  },
  boolean: (value) => flag(value) ?? UNREADABLE,
  // Kept with its offset, so that instant and wall clock can both be shown.
  datetime: (value) => {
    const read = moment(value)
    if (read === undefined || read === UNREADABLE) return UNREADABLE
    return `${formatWallClock(read.at, read.offset)}${read.offset ?? 'Z'}`
  },
}

/** Extended fields as they are shown: moments as the organization shows its times, everything else as kept. Pure. */
export const shownFields = (
  values: JsonObject,
  types: ReadonlyMap<string, FieldType>,
  show: (moment: ClientInstant) => string,
): JsonObject =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      // A field that was text when this was stored stays text.
      const read = types.get(name) === 'datetime' && typeof value === 'string' ? parseMoment(value) : null
      return [name, read ? show(read) : value]
    }),
  )
