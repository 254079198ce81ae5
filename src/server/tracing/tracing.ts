/** Follows requests through the process. There is none unless the standard variables (OTEL_…) ask for it. */
export interface Tracing {
  /** Does work under a span of its own, a child of the request's. */
  readonly span: <T>(
    name: string,
    attributes: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ) => Promise<T>
  /** The W3C header of the trace that we are in, for work that outlives its request; undefined outside of one. */
  traceparent(): string | undefined
  /** Does such work under a span of its own, in the trace of that header. */
  readonly continued: <T>(
    traceparent: string,
    name: string,
    attributes: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ) => Promise<T>
  /** Names the request's span for its route, and answers the trace's id, or undefined outside of one. */
  routed(request: { readonly method: string; readonly route: string }): string | undefined
  /** Hands over what has not been yet. */
  stop(): Promise<void>
}
