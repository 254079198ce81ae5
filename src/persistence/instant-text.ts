/**
 * PostgreSQL's `2026-11-21 03:00:00.1234+00` as `2026-11-21T03:00:00.123400Z`: always six decimals, so that instants
 * sort as text, and equal what `to_char(…, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` makes. `infinity` stays as it is.
 */
export function instantFromPostgres(text: string): string {
  // The length of every instant of four-digit years in UTC without its decimals, the only kind on a hot path.
  if (text.length < 22 || !text.endsWith('+00')) return text
  const end = text.length - 3
  return `${text.slice(0, 10)}T${text.slice(11, end)}${PADDING[end - 19] ?? ''}Z`
}

// By the number of characters from the decimal point on: PostgreSQL drops trailing zeros.
const PADDING = ['.000000', '', '00000', '0000', '000', '00', '0', '']
