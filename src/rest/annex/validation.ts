import { type ValidationError, validateSync } from 'class-validator'
import { keepsRules } from '../shared/contract-rules'
import { isJsonArray, isJsonMap, type JsonMap, type JsonValue } from '../shared/json'
import { invalid, missing } from './errors'
import { PRESENCE } from './rules'

/**
 * Refuses a body that breaks its contract: AC1004 when anything required is missing, AC1007 when anything is of a
 * wrong type or out of bounds, in this order, naming the properties. `alsoMissing` are those that only the site's
 * settings require.
 */
export function assertValid(body: object, alsoMissing: readonly string[] = []): void {
  if (alsoMissing.length === 0 && keepsRules(body)) return
  const breaches = validateSync(body).flatMap((error) => breachesOf(error, ''))
  const absent = breaches.filter(({ rules }) => rules.includes(PRESENCE)).map(({ path }) => path)
  if (absent.length + alsoMissing.length > 0) throw missing([...absent, ...alsoMissing])
  if (breaches.length > 0) throw invalid(breaches.map(({ path }) => path))
}

/** A contract class filled with what a client sent; null and blank text mean absent (contract, section 5). */
export function filled<T extends object>(contract: new () => T, values: JsonMap): T {
  const body = new contract()
  for (const [name, value] of Object.entries(values)) {
    if (!isAbsent(value)) Reflect.set(body, name, value)
  }
  return body
}

export const isAbsent = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** A list sent as an array, as one object, or as an object of numbered entries (contract, section 5). */
export function listOf(value: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonMap(value) || isJsonArray(value)) return value
  const names = Object.keys(value)
  if (names.length === 0) return []
  if (!names.every((name) => /^\d{1,6}$/.test(name))) return [value]
  return [...names].sort((a, b) => Number(a) - Number(b)).map((name) => value[name] ?? null)
}

interface Breach {
  /** Such as `orderDetail[0].unitPrice`. */
  readonly path: string
  readonly rules: readonly string[]
}

function breachesOf({ property, constraints, children }: ValidationError, parent: string): readonly Breach[] {
  const path = pathOf(parent, property)
  // What is wrong as a whole is not looked into.
  if (constraints) return [{ path, rules: Object.keys(constraints) }]
  return (children ?? []).flatMap((child) => breachesOf(child, path))
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`
  return parent ? `${parent}.${property}` : property
}
