/**
 * Ids are decimal text: `bigint` columns below 2^53, so a vendor's client may read them as JSON numbers,
 * while inside nothing is ever rounded. Branded once, at the border.
 */
export type TenantId = number & { readonly brand: 'TenantId' }
export type MemberId = string & { readonly brand: 'MemberId' }
export type AccountId = string & { readonly brand: 'AccountId' }
export type TierId = string & { readonly brand: 'TierId' }
export type StoreId = string & { readonly brand: 'StoreId' }
export type TillId = string & { readonly brand: 'TillId' }
export type OrderId = string & { readonly brand: 'OrderId' }
export type IssuanceId = string & { readonly brand: 'IssuanceId' }
export type TransactionId = string & { readonly brand: 'TransactionId' }
export type LineId = string & { readonly brand: 'LineId' }
/** The program's public number, the one Capillary's clients see. */
export type ProgramId = string & { readonly brand: 'ProgramId' }

const NUMBER_ID = /^[1-9][0-9]{0,15}$/

/** True for text that can be one of our ids: digits, positive, below 2^53. */
export const isNumberId = (text: string): boolean =>
  NUMBER_ID.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER
