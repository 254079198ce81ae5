import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import type { ClientInstant, Instant } from '../../domain/shared/instant'
import { InvalidAmount, InvalidPoints } from '../../domain/shared/errors'
import { type Amount, amount } from '../../domain/shared/money'
import { formatPoints, type Points, points } from '../../domain/shared/points'

/** Points: whole thousandths inside, decimal text outside. */
export const PointsScalar = new GraphQLScalarType<Points, string>({
  name: 'Points',
  description:
    'Points as exact decimal text with at most three decimals, such as "12.5" or "-3". As an input, a whole number is taken too.',
  serialize: (value) => formatPoints(value as Points),
  parseValue: parsePoints,
  parseLiteral: (node) =>
    parsePoints(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null),
})

function parsePoints(value: unknown): Points {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string') throw new GraphQLError(NOT_POINTS)
  try {
    return points(text)
  } catch (error) {
    if (error instanceof InvalidPoints) throw new GraphQLError(NOT_POINTS)
    throw error
  }
}

const NOT_POINTS = 'Points are decimal text with at most three decimals, such as "12.5", or a whole number'

/** Decimals are canonical text already; those of the domain's own class know how to become it. */
export const DecimalScalar = new GraphQLScalarType<Amount, string>({
  name: 'Decimal',
  description: 'An exact decimal number as text, such as "99.95". Never rounded, never in exponent form.',
  serialize: (value) => (typeof value === 'string' ? value : (value as { toFixed(): string }).toFixed()),
  parseValue: parseAmount,
  parseLiteral: (node) =>
    parseAmount(
      node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : null,
    ),
})

/** Numbers are taken where their text is what was meant: whole, or written out in the document. */
function parseAmount(value: unknown): Amount {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string') throw new GraphQLError(NOT_A_DECIMAL)
  try {
    return amount(text)
  } catch (error) {
    if (error instanceof InvalidAmount) throw new GraphQLError(NOT_A_DECIMAL)
    throw error
  }
}

const NOT_A_DECIMAL =
  'Decimals are text with at most 13 digits before and 6 after the point, such as "99.95", or a whole number'

/** The stores give instants as the text that is wanted here. */
export const DateTimeScalar = new GraphQLScalarType<ClientInstant, string>({
  name: 'DateTime',
  description:
    'An instant: ISO 8601 with its offset and up to microseconds, such as "2026-11-21T03:00:00.123456Z".',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (value) => value as Instant,
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
})

const NOT_AN_INSTANT =
  'DateTime is ISO 8601 with an offset, such as "2026-11-21T03:00:00Z" or "2026-11-21T08:30:00.5+05:30"'

/** In UTC, with the offset that it came in; microseconds are kept. */
function parseInstant(value: unknown): ClientInstant {
  const [, wall = '', fraction = '', offset = ''] = INSTANT.exec(typeof value === 'string' ? value : '') ?? []
  const millis = Date.parse(`${wall}${offset}`)
  // JavaScript takes the thirtieth of February for the second of March.
  const exists = Date.parse(`${wall}Z`)
  if (Number.isNaN(millis) || new Date(exists).toISOString().slice(0, 19) !== wall)
    throw new GraphQLError(NOT_AN_INSTANT)
  const utc = new Date(millis).toISOString().slice(0, 19)
  return { at: `${utc}.${fraction.padEnd(6, '0')}Z` as Instant, offset }
}

const INSTANT =
  /^([12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6}))?(Z|[+-][01][0-9]:[0-5][0-9])$/

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value: what a client of another door sent, in its own words.',
  serialize: (value) => value,
})
