/** Whether a switch of the query is on; the letter case does not matter (section 17). */
export const asks = (query: URLSearchParams, name: string): boolean => isTrue(query.get(name))
export const isTrue = (value: string | null | undefined): boolean => value?.trim().toLowerCase() === 'true'
