/** Entries of a page: the vendor names no number (contract, section 5). */
export const PAGE_SIZE = 20

/** The page asked for, from 1; 1 when none is, null when it is no such number. */
export function pageOf(query: URLSearchParams): number | null {
  const text = query.get('page')?.trim() || '1'
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

/** How many pages there are; one at least, also of nothing. */
export const pagesOf = (entries: number): number => Math.max(1, Math.ceil(entries / PAGE_SIZE))
