type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that every OpenTelemetry program has (OTEL_…), or null when they do not ask for traces: when no place to
 * send them and no exporter is named. They are read before the configuration, because tracing changes modules as they
 * are loaded.
 */
export function tracingVariables(environment: Environment = process.env): Environment | null {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter } = environment
  if (disabled?.toLowerCase() === 'true' || exporter === 'none') return null
  const named = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_TRACES_EXPORTER']
  return named.some((name) => Boolean(environment[name])) ? environment : null
}
