import { Client } from 'pg'
import type { DataSource } from 'typeorm'
import type { EventFeed, EventListener } from '../../domain/shared/event-feed'
import type { OutboxEvent } from '../../domain/shared/job-queue'
import type { Log } from '../log'
import { poolOf } from '../sql'
import { EVENTS_CHANNEL } from './postgres-outbox'

/** How long to wait before a broken line is tried again. */
const REDIAL_MILLIS = 500

/**
 * Hears what the publisher announces when it commits (NOTIFY), on one connection of its own, which is opened for the
 * first listener. It must reach PostgreSQL itself: a pooler that shares connections between transactions hears nothing.
 */
export class PostgresEventFeed implements EventFeed {
  private readonly listeners = new Set<EventListener>()
  private line: Promise<Client> | null = null
  private closed = false

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Log,
    /** Where the pool is of connections to a pooler: PostgreSQL itself. */
    private readonly directUrl: string | null = null,
  ) {}

  async subscribe(listener: EventListener): Promise<() => void> {
    this.listeners.add(listener)
    try {
      await this.connected()
    } catch (error) {
      this.listeners.delete(listener)
      throw error
    }
    return () => void this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.closed = true
    this.listeners.clear()
    await this.line?.then((client) => client.end()).catch(() => undefined)
  }

  private connected(): Promise<Client> {
    this.line ??= this.dial().catch((error: unknown) => {
      this.line = null
      throw error
    })
    return this.line
  }

  private async dial(): Promise<Client> {
    // The pool's own options, session settings and all.
    const options = { ...poolOf(this.dataSource).options }
    const client = new Client(
      this.directUrl === null ? options : { ...options, connectionString: this.directUrl },
    )
    client.on('notification', ({ payload }) => this.announce(payload ?? '[]'))
    client.on('error', (error) => this.log.warn({ error: error.message }, 'the line of events was lost'))
    client.on('end', () => this.lost())
    await client.connect()
    await client.query(`listen ${EVENTS_CHANNEL}`)
    return client
  }

  private announce(payload: string): void {
    for (const event of JSON.parse(payload) as OutboxEvent[]) {
      for (const listener of this.listeners) listener.heard(event)
    }
  }

  private lost(): void {
    this.line = null
    if (!this.closed) setTimeout(() => void this.redial(), REDIAL_MILLIS).unref()
  }

  private async redial(): Promise<void> {
    if (this.closed || this.line || this.listeners.size === 0) return
    try {
      await this.connected()
      for (const listener of this.listeners) listener.missed()
    } catch {
      setTimeout(() => void this.redial(), REDIAL_MILLIS).unref()
    }
  }
}
