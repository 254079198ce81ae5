import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import type { Instant } from '../../domain/shared/instant'
import { InvalidPoints } from '../../domain/shared/errors'
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
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'An exact decimal number as text, such as "99.95". Never rounded, never in exponent form.',
  serialize: (value) => (typeof value === 'string' ? value : (value as { toFixed(): string }).toFixed()),
})

/** The stores give instants as the text that is wanted here. */
export const DateTimeScalar = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description:
    'An instant: ISO 8601 with its offset and up to microseconds, such as "2026-11-21T03:00:00.123456Z".',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (value) => value as Instant,
})

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value: what a client of another door sent, in its own words.',
  serialize: (value) => value,
})
