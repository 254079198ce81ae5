import type { JsonObject } from '../../domain/shared/json'
import { badInput } from './errors'

/** Refuses JSON that is no object. */
export function objectOr(value: JsonObject | null | undefined, path: string): JsonObject {
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw badInput({ path, message: 'must be a JSON object' })
  return value
}
