/** Plain JSON, for what a vendor's client sends and we only echo. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json | undefined
}
