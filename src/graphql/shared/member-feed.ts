import type { ActivityStore } from '../../domain/points/activity'
import type { EventFeed } from '../../domain/shared/event-feed'
import type { AccountId, MemberId, TenantId } from '../../domain/shared/ids'
import type { OutboxEvent } from '../../domain/shared/job-queue'

/** What may have changed since somebody last looked. */
export interface Change {
  readonly wallet: boolean
}

/** Changes of one member, one after the other; what happens while nobody asks is one change. */
export interface Following {
  /** The next change; null once it was closed. */
  next(): Promise<Change | null>
  close(): void
}

export interface MemberFeed {
  /** Hears of what happens to a member from when this resolves. */
  follow(tenant: TenantId, member: MemberId): Promise<Following>
  /** Ends everything that is being followed, and takes nothing on any more. */
  close(): void
}

/**
 * Tells whom to look again, from the events of all processes. An event of points names a wallet, so whose it is is read,
 * once for all who follow somebody of that tenant; what they are told is only that something happened: they read it
 * themselves, so that nothing can be lost, doubled or shown to the wrong one here.
 */
export function memberFeed(
  events: EventFeed,
  activities: Pick<ActivityStore, 'findByKeys'>,
  report: (error: unknown) => void,
): MemberFeed {
  const followed = new Map<string, Set<Pending>>()
  let line: Promise<() => void> | null = null
  let closed = false
  let work = Promise.resolve()

  const tell = (tenant: TenantId, member: MemberId | null, change: Change): void => {
    for (const one of followed.get(`${tenant} ${member}`) ?? []) one.add(change)
  }
  const isFollowed = (tenant: TenantId): boolean =>
    [...followed.keys()].some((key) => key.startsWith(`${tenant} `))

  async function hear({ topic, tenantId, payload }: OutboxEvent): Promise<void> {
    if (topic === 'member.changed') return tell(tenantId, payload['memberId'] as MemberId, { wallet: false })
    if (!topic.startsWith('points.')) return
    const key = { accountId: payload['accountId'] as AccountId, seq: payload['seq'] as string }
    const [entry] = await activities.findByKeys(tenantId, [key])
    tell(tenantId, entry?.memberId ?? null, { wallet: true })
  }

  const listener = {
    heard(event: OutboxEvent): void {
      if (!isFollowed(event.tenantId)) return
      // One after the other, so that what is told comes in the order of the events.
      work = work.then(() => hear(event)).catch(report)
    },
    missed(): void {
      for (const all of followed.values()) for (const one of all) one.add({ wallet: true })
    },
  }

  return {
    async follow(tenant, member) {
      const key = `${tenant} ${member}`
      const pending = new Pending(() => {
        const others = followed.get(key)
        others?.delete(pending)
        if (others?.size === 0) followed.delete(key)
      })
      followed.set(key, (followed.get(key) ?? new Set()).add(pending))
      try {
        line ??= events.subscribe(listener)
        await line
      } catch (error) {
        line = null
        pending.close()
        throw error
      }
      if (closed) pending.close()
      return pending
    },
    close() {
      closed = true
      for (const all of [...followed.values()]) for (const one of [...all]) one.close()
      void line?.then((end) => end()).catch(report)
    },
  }
}

/** What somebody has not looked at yet. */
class Pending implements Following {
  private change: Change | null = null
  private closed = false
  private wake: (() => void) | null = null

  constructor(private readonly gone: () => void) {}

  add({ wallet }: Change): void {
    this.change = { wallet: wallet || (this.change?.wallet ?? false) }
    this.wake?.()
  }

  async next(): Promise<Change | null> {
    while (!this.change && !this.closed) await new Promise<void>((resolve) => (this.wake = resolve))
    this.wake = null
    const { change } = this
    this.change = null
    return this.closed ? null : change
  }

  close(): void {
    this.closed = true
    this.gone()
    this.wake?.()
  }
}
