import type { PageRequest } from '../../domain/shared/pages'
import type { PlainField } from './splice'

/** Text, and between it what is not known before the data is. */
export type Parts<Part> = readonly (string | Part)[]

/** What of a connection is known only with its page. */
export type PagePart = {
  readonly page: 'rows' | 'startCursor' | 'endCursor' | 'hasNextPage' | 'hasPreviousPage'
}

/** How a connection is written whose rows a store writes. */
export interface ConnectionPlan<RowPart> {
  readonly page: Parts<PagePart>
  readonly row: Parts<RowPart>
}

/** The values of a row that can be written, by the name of the field. */
export type RowFields<RowPart> = Readonly<Record<string, RowPart>>

/**
 * The plan of a selection on a connection type (of connectionType). Null where it asks for fields of the row that are
 * not among `fields`, or for its rows other than once: they are written once.
 */
export function connectionPlan<RowPart extends object>(
  selection: readonly PlainField[],
  fields: RowFields<RowPart>,
  cursor: RowPart,
): ConnectionPlan<RowPart> | null {
  let row: Parts<RowPart> | null = null
  let lists = 0
  const valueOf = ({ name }: PlainField): Parts<RowPart> | null => (fields[name] ? [fields[name]] : null)
  const edgeOf = (field: PlainField): Parts<RowPart> | null => {
    if (field.name === 'cursor') return [cursor]
    return field.name === 'node' && field.fields ? objectOf(field.fields, valueOf) : null
  }
  const page = objectOf<PagePart>(selection, ({ name, fields: inner }) => {
    if (!inner) return null
    if (name === 'pageInfo') return objectOf(inner, pageInfoOf)
    lists++
    row = objectOf(inner, name === 'edges' ? edgeOf : valueOf)
    return row && ['[', { page: 'rows' }, ']']
  })
  return page && row && lists === 1 ? { page, row } : null
}

const PAGE_INFO: ReadonlySet<string> = new Set(['startCursor', 'endCursor', 'hasNextPage', 'hasPreviousPage'])

const pageInfoOf = ({ name }: PlainField): Parts<PagePart> | null =>
  PAGE_INFO.has(name) ? [{ page: name as PagePart['page'] }] : null

/** An object of JSON, literal parts joined; null when one of its values cannot be written. */
function objectOf<Part extends object>(
  fields: readonly PlainField[],
  valueOf: (field: PlainField) => Parts<Part> | null,
): Parts<Part> | null {
  const parts: (string | Part)[] = []
  const add = (part: string | Part): void => {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  for (const [index, field] of fields.entries()) {
    const value = field.name === '__typename' ? [JSON.stringify(field.on)] : valueOf(field)
    if (!value) return null
    add(`${index === 0 ? '{' : ','}${JSON.stringify(field.key)}:`)
    value.forEach(add)
  }
  add(fields.length === 0 ? '{}' : '}')
  return parts
}

/** A page of which the store has written the rows. Positions are those of its first and last row. */
export interface WrittenPage {
  readonly text: string
  readonly first: string | null
  readonly last: string | null
  readonly hasNext: boolean
}

/** The connection as JSON. `encode` makes a cursor of a position, as the row's own cursors are made. */
export function connectionText(
  plan: Parts<PagePart>,
  page: WrittenPage,
  request: PageRequest,
  encode: (position: string) => string,
): string {
  const cursor = (position: string | null): string => (position === null ? 'null' : `"${encode(position)}"`)
  let text = ''
  for (const part of plan) text += typeof part === 'string' ? part : written(part.page)
  return text

  function written(part: PagePart['page']): string {
    if (part === 'rows') return page.text
    if (part === 'startCursor') return cursor(page.first)
    if (part === 'endCursor') return cursor(page.last)
    return String(part === 'hasNextPage' ? page.hasNext : request.after !== null)
  }
}
