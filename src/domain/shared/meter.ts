/**
 * What the parts count and time, for whoever watches the server. A part declares its own metrics once, when it is put
 * together; names follow Prometheus (`_total`, `_seconds`). Labels are few by construction: never a member, an address
 * or anything else that a client may choose freely, and a tenant only where there is one value for each.
 */
export interface Meter {
  /** Something that happens, and how often. */
  counter(metric: Metric): Counter
  /** How long something takes, in seconds, unless the metric's own limits of buckets say otherwise. */
  histogram(metric: Metric & { readonly buckets?: readonly number[] }): Histogram
  /** How much of something there is: read when somebody looks, and left out when reading fails or takes too long. */
  gauge(metric: Metric, read: () => readonly Reading[] | Promise<readonly Reading[]>): void
}

export interface Metric {
  readonly name: string
  /** A sentence for who reads the list of metrics. */
  readonly help: string
  readonly labels?: readonly string[]
}

export type Labels = Readonly<Record<string, string | number>>

export interface Reading {
  readonly value: number
  readonly labels?: Labels
}

export interface Counter {
  add(labels?: Labels, value?: number): void
}

export interface Histogram {
  observe(labels: Labels, value: number): void
}
