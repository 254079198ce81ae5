import type { DataSource } from 'typeorm'
import type { TenantId } from '../../domain/shared/ids'
import type { Outbox, OutboxEvent } from '../../domain/shared/job-queue'
import type { JsonObject } from '../../domain/shared/json'
import { runOnce } from '../unit-of-work'

/** One publisher at a time, in whatever process: two would overtake each other within a lane. */
const PUBLISHER_LOCK = 7_255_001

/** Where events are announced to every process that listens (`PostgresEventFeed`). */
export const EVENTS_CHANNEL = 'loyalty_events'

/** PostgreSQL takes less than 8,000 bytes in one announcement. */
const ANNOUNCEMENT_BYTES = 7_000

/**
 * Events leave when they are handed over, and not before; a publisher that dies in between hands them over again. With
 * its commit they are announced to whoever listens at that moment.
 */
export class PostgresOutbox implements Outbox {
  constructor(private readonly dataSource: DataSource) {}

  publish(limit: number, deliver: (events: readonly OutboxEvent[]) => Promise<void>): Promise<number> {
    return runOnce(this.dataSource, async ({ sql }) => {
      const [lock] = await sql.rows<{ mine: boolean }>(LOCK, [PUBLISHER_LOCK])
      if (!lock?.mine) return 0
      const rows = await sql.rows<EventRow>(OLDEST, [limit])
      if (rows.length === 0) return 0
      const events = rows.map(toEvent)
      await deliver(events)
      await sql.rows(ANNOUNCE, [EVENTS_CHANNEL, announcements(events)])
      await sql.rows(FORGET, [rows.map(({ outbox_id }) => outbox_id)])
      return rows.length
    })
  }
}

interface EventRow {
  readonly outbox_id: string
  readonly tenant_id: number
  readonly topic: string
  readonly lane: string
  readonly payload: JsonObject
}

const toEvent = (row: EventRow): OutboxEvent => ({
  id: row.outbox_id,
  tenantId: row.tenant_id as TenantId,
  topic: row.topic,
  lane: row.lane,
  payload: row.payload,
})

/** Events in as few announcements as hold them. One that is too large alone is announced without its payload. */
function announcements(events: readonly OutboxEvent[]): string[] {
  const batches: string[][] = [[]]
  let bytes = 0
  for (const event of events) {
    const text = fitting(event)
    const size = Buffer.byteLength(text) + 1
    if (bytes + size > ANNOUNCEMENT_BYTES) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)?.push(text)
    bytes += size
  }
  return batches.map((batch) => `[${batch.join(',')}]`)
}

function fitting(event: OutboxEvent): string {
  const text = JSON.stringify(event)
  return Buffer.byteLength(text) < ANNOUNCEMENT_BYTES ? text : JSON.stringify({ ...event, payload: {} })
}

const LOCK = { name: 'outbox-lock', text: 'select pg_try_advisory_xact_lock($1) as mine' }

const OLDEST = {
  name: 'outbox-oldest',
  text: 'select outbox_id, tenant_id, topic, lane, payload from outbox order by outbox_id limit $1',
}

const ANNOUNCE = {
  name: 'outbox-announce',
  text: 'select pg_notify($1, batch) from unnest($2::text[]) with ordinality as t (batch, no) order by t.no',
}

/** By the ids that were handed over: an event with a lower one may be committed only now. */
const FORGET = {
  name: 'outbox-forget',
  text: `
    with gone as (delete from outbox where outbox_id = any($1::bigint[]) returning tenant_id, topic)
    insert into outbox_published (tenant_id, published)
    select tenant_id, count(*) from gone where topic like 'points.%' group by tenant_id
        on conflict (tenant_id) do update set published = outbox_published.published + excluded.published`,
}
