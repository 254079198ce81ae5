import { Column, type ColumnOptions, PrimaryColumn } from 'typeorm'
import { Decimal } from '../domain/shared/decimal'
import type { Amount } from '../domain/shared/money'
import type { Points } from '../domain/shared/points'

/** `numeric` text to canonical text: `100.500000` is `100.5`. */
export const amountOf = (text: string): Amount => new Decimal(text).toFixed() as Amount

export const pointsOf = (text: string): Points => BigInt(text) as Points

const nullable = <T>(convert: (text: string) => T) => ({
  from: (text: string | null) => (text === null ? null : convert(text)),
  to: (value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
})

/** The columns every row of a tenant has first in its key. */
export const TenantColumn = (): PropertyDecorator => PrimaryColumn({ type: 'integer', name: 'tenant_id' })

/** `bigint` keys stay the decimal text that the driver gives. */
export const IdColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'bigint', name, ...options })
export const PrimaryIdColumn = (name: string): PropertyDecorator => PrimaryColumn({ type: 'bigint', name })
export const TextColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'text', name, ...options })

export const AmountColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'numeric', name, transformer: nullable(amountOf), ...options })

export const PointsColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'bigint', name, transformer: nullable(pointsOf), ...options })

/** A ratio: exact, and calculated with. */
export const DecimalColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'numeric', name, transformer: nullable((text) => new Decimal(text)), ...options })

export const IntegerColumn = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'integer', name, ...options })
