import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Meter, Metric, Reading } from '../domain/shared/meter'
import { Tally } from './tally'

export interface Metrics {
  /** Where the parts declare what they count. */
  readonly meter: Meter
  readonly contentType: string
  text(): Promise<string>
}

/** The process's metrics, in one registry: Node's own (event loop, heap, garbage collection) and what the parts declare. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return { meter: meterOn(registry), contentType: registry.contentType, text: () => registry.metrics() }
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** A scrape must not hang on a database that does. */
const PATIENCE_MS = 1_000

function meterOn(registry: Registry): Meter {
  const common = ({ name, help, labels = [] }: Metric) => ({
    name,
    help,
    labelNames: labels,
    registers: [registry],
  })
  const unread = new Counter({
    name: 'metrics_unread_total',
    help: 'Gauges that were left out of a scrape because they could not be read in time.',
    labelNames: ['metric'],
    registers: [registry],
  })
  return {
    counter(metric) {
      const counter = new Counter(common(metric))
      return { add: (labels = {}, value = 1) => counter.inc({ ...labels }, value) }
    },
    histogram(metric) {
      const tally = new Tally({ ...common(metric), buckets: [...(metric.buckets ?? SECONDS)] })
      return { observe: (labels, value) => tally.add(labels, value) }
    },
    gauge(metric, read) {
      const gauge: Gauge = new Gauge({
        ...common(metric),
        async collect() {
          gauge.reset()
          const readings = await within(PATIENCE_MS, async () => read()).catch(() => null)
          // A reset gauge without labels stands at 0, which nobody has read.
          if (!metric.labels) gauge.remove()
          if (!readings) return unread.inc({ metric: metric.name })
          for (const { labels = {}, value } of readings) gauge.set({ ...labels }, value)
        },
      })
    },
  }
}

function within(millis: number, work: () => Promise<readonly Reading[]>): Promise<readonly Reading[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), millis)
    work()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
