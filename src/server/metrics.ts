import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly contentType: string
  /** Counts one answered request. Labels are few by construction: a route is a pattern, not an address. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void
  text(): Promise<string>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'loyalty_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, by the pattern of its route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return {
    contentType: registry.contentType,
    answered: ({ method, route, status, seconds }) => duration.observe({ method, route, status }, seconds),
    text: () => registry.metrics(),
  }
}
