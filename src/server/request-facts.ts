/** What logs and metrics say of a request: the pattern of its route, never its address. */
export interface RequestFacts {
  readonly route: string
  readonly operation?: string
  /** Where requests are traced. */
  readonly traceId?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts | undefined
    /** The content type before a vendor's door made all bodies bytes. */
    contentTypeAsSent: string | undefined
  }
}
