import { Histogram, type HistogramConfiguration } from 'prom-client'
import type { Labels } from '../domain/shared/meter'

interface Series {
  readonly labels: Labels
  /** Values up to each limit and above the one before it; last, those above all. */
  readonly counts: number[]
  sum: number
}

/**
 * A histogram that is shown as prom-client shows its own. Theirs checks labels, joins and hashes them at each value,
 * and a request has four values: that was as much work as running a small query.
 */
export class Tally extends Histogram {
  private readonly series = new Map<string, Series>()
  private readonly metric: Pick<HistogramConfiguration<string>, 'name' | 'help'>
  private readonly names: readonly string[]
  private readonly limits: readonly number[]

  constructor(
    configuration: HistogramConfiguration<string> & {
      readonly buckets: number[]
      readonly labelNames: readonly string[]
    },
  ) {
    super(configuration)
    this.metric = { name: configuration.name, help: configuration.help }
    this.names = configuration.labelNames
    this.limits = configuration.buckets
    // Without labels it is there before its first value.
    if (this.names.length === 0) this.seriesOf({})
  }

  add(labels: Labels, value: number): void {
    const series = this.seriesOf(labels)
    series.sum += value
    let place = 0
    while (value > (this.limits[place] ?? Infinity)) place++
    series.counts[place] = (series.counts[place] ?? 0) + 1
  }

  override async get() {
    const values = [...this.series.values()].flatMap((series) => this.valuesOf(series))
    return { ...this.metric, type: 'histogram', aggregator: 'sum', values } as unknown as ReturnType<
      Histogram['get']
    >
  }

  /** What a registry writes. */
  getForPromString() {
    return this.get()
  }

  private seriesOf(labels: Labels): Series {
    let key = ''
    for (const name of this.names) key += `${labels[name]}\0`
    const known = this.series.get(key)
    if (known) return known
    const series = { labels, counts: this.limits.map(() => 0).concat(0), sum: 0 }
    this.series.set(key, series)
    return series
  }

  private valuesOf({ labels, counts, sum }: Series) {
    const { name } = this.metric
    let count = 0
    const buckets = counts.map((more, place) => ({
      metricName: `${name}_bucket`,
      labels: { le: this.limits[place] ?? '+Inf', ...labels },
      value: (count += more),
    }))
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
}
