/** What the operations are asked about, as `facts` finds it. */
export interface Facts {
  readonly tom: { readonly id: string }
}

/** Name, document, and its variables: none where nothing is said. */
export type Operation = readonly [name: string, query: string, variables?: (facts: Facts) => object]

export const list: readonly Operation[]
/** The query whose data are the facts. */
export const facts: string
