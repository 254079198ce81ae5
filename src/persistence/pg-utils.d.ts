// Of what the driver shares with those who write queries of their own (pg-cursor does); its types leave it out.
declare module 'pg/lib/utils' {
  /** A parameter as the protocol sends it. Throws for what has no such form. */
  export function prepareValue(value: unknown): string | Buffer | null
}
