/** The value, which is there by a rule of our own; that it is not would be a defect, and says what is missing. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`)
  return value
}
