import type { OutboxEvent } from './job-queue'

/** What follows events as they leave the outbox, such as a subscription in the graph. Must not throw. */
export interface EventListener {
  heard(event: OutboxEvent): void
  /** The line was down for a while: events that left meanwhile were not heard. Whoever needs them reads again. */
  missed(): void
}

/**
 * Events as they happen, for whoever is there to hear: each once, those of one lane in order, whichever process put
 * them out. Nothing is kept for a listener that comes later; what must not be lost is read from the journal.
 */
export interface EventFeed {
  /** Hears what leaves once this resolves; gives what ends it. */
  subscribe(listener: EventListener): Promise<() => void>
}
