/** How a job goes on with the trace of the request that queued it: the W3C header `traceparent` waits in its row. */
export interface JobTraces {
  traceparent(): string | undefined
  readonly continued: <T>(
    traceparent: string,
    name: string,
    attributes: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ) => Promise<T>
}
