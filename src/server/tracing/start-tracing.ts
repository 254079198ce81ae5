import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import type { Tracing } from './tracing'

/**
 * Starts tracing as the standard variables say (OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER …).
 * It must be the first thing that is loaded: what is measured is changed as it is loaded.
 */
export function startTracing(environment: Readonly<Record<string, string | undefined>>): Tracing {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'loyalty-graph' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporterOf(environment))],
  })
  provider.register()
  registerInstrumentations({ tracerProvider: provider, instrumentations: [http, postgres] })
  const tracer = provider.getTracer('loyalty-graph')
  return {
    span: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, (span) => ended(span, work)),
    traceparent() {
      const carrier: { traceparent?: string } = {}
      propagation.inject(context.active(), carrier)
      return carrier.traceparent
    },
    continued: (traceparent, name, attributes, work) =>
      tracer.startActiveSpan(
        name,
        { attributes, kind: SpanKind.CONSUMER },
        propagation.extract(ROOT_CONTEXT, { traceparent }),
        (span) => ended(span, work),
      ),
    routed({ method, route }) {
      const span = trace.getActiveSpan()
      span?.updateName(`${method} ${route}`).setAttributes({ 'http.route': route, ...withoutAddress(route) })
      return span?.spanContext().traceId
    },
    async stop() {
      await provider.shutdown().catch(() => undefined)
      for (const api of [trace, context, propagation]) api.disable()
    },
  }
}

/** Addresses name members, by their e-mail at one of the doors: a trace shows the pattern of the route. */
const withoutAddress = (route: string) => ({ 'url.path': route, 'url.query': '' })

const http = new HttpInstrumentation({
  disableOutgoingRequestInstrumentation: true,
  ignoreIncomingRequestHook: ({ url }) => url === '/healthz' || url === '/readyz' || url === '/metrics',
  startIncomingSpanHook: () => ({
    ...withoutAddress('not known yet'),
    'client.address': '',
    'network.peer.address': '',
  }),
})

/** The text of statements, which holds no values; their parameters are not told. */
const postgres = new PgInstrumentation({
  requireParentSpan: true,
  ignoreConnectSpans: true,
  enhancedDatabaseReporting: false,
})

function exporterOf(environment: Readonly<Record<string, string | undefined>>): SpanExporter {
  if (environment['OTEL_TRACES_EXPORTER'] === 'console') return new ConsoleSpanExporter()
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ??
    environment['OTEL_EXPORTER_OTLP_PROTOCOL'] ??
    'http/protobuf'
  if (protocol === 'http/protobuf') return new ProtobufExporter()
  if (protocol === 'http/json') return new JsonExporter()
  throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json, not ${protocol}`)
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}
