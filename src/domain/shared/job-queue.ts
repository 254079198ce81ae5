import type { TenantId } from './ids'
import type { JsonObject } from './json'

/** Work to be done later, in the transaction that acknowledged it. */
export interface NewJob {
  readonly tenantId: TenantId
  /** Which handler does it. */
  readonly kind: string
  /** Jobs of one lane are done in the order in which they came, such as those of one wallet. */
  readonly lane: string
  /** A second job with the same key is not added; null: always add. */
  readonly dedupKey: string | null
  readonly payload: JsonObject
  /** Then it is dead, until somebody revives it. */
  readonly maxAttempts: number
}

export interface Job extends NewJob {
  readonly id: string
  /** How often it has failed. */
  readonly attempts: number
}

export interface JobQueue {
  /** Adds jobs; they exist once the transaction is committed. */
  add(jobs: readonly NewJob[]): Promise<void>
}

/** What came of one turn of a worker: nothing was due, a job was done, or it failed and will be tried again (or is dead). */
export type JobTurn =
  | { readonly outcome: 'idle' }
  | { readonly outcome: 'done'; readonly job: Job }
  | { readonly outcome: 'failed' | 'dead'; readonly job: Job; readonly error: unknown }

export interface JobWorker {
  /**
   * Does one job that is due, if there is one: its effect and its completion are one commit, and the row's lock is the
   * lease, so that a worker that dies frees its job at once. Never throws for what a handler threw.
   */
  work(): Promise<JobTurn>
  /** Makes dead jobs of a tenant ready again; answers how many. */
  revive(tenant: TenantId): Promise<number>
}

/** Events on their way out; each at least once, those of one lane in order. */
export interface OutboxEvent {
  readonly id: string
  readonly tenantId: TenantId
  readonly topic: string
  readonly lane: string
  readonly payload: JsonObject
}

export interface Outbox {
  /** Hands over up to so many events, oldest first, and forgets them once `deliver` resolves; answers how many. */
  publish(limit: number, deliver: (events: readonly OutboxEvent[]) => Promise<void>): Promise<number>
}

/** How much background work waits: what an operator, or a test, waits for. */
export interface Backlog {
  /** Jobs of the tenant that are ready, and its wallets in which something is due. */
  remaining(tenant: TenantId): Promise<number>
}
