import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Meter } from '../domain/shared/meter'
import { Room, type RoomLimits } from './room'
import { TimeShare } from './time-share'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface AdmissionLimits extends RoomLimits {
  /** So many wait for their turn … */
  readonly waiting: number
  /** … at most so long, in milliseconds, when there has lately been room: a burst, which will be worked off. */
  readonly burstMs: number
  /** When there was none for `burstMs`, more comes than goes, and waiting only makes it late: so many wait … */
  readonly waitingLate: number
  /** … so long. */
  readonly patienceMs: number
  /** Turning away takes no more than this share of the thread. Who comes beyond it waits longer … */
  readonly refusing: number
  /** … but no more than so many do. */
  readonly longestQueue: number
}

export interface AdmissionOptions {
  readonly limits: AdmissionLimits
  readonly meter: Meter
  /** Requests that are always let in: who looks after the server asks them when it is busiest. */
  readonly always: (url: string) => boolean
  /** Turns a request away, in the words of the door it knocked at. */
  readonly refuse: Handler
}

/**
 * What suits a pool of so many connections. Those at work can share statements (`shared-work.ts`), so that many short
 * requests at a time are done faster than few; long ones only wait for each other.
 */
export function limitsFor(poolSize: number, maxActive: number | null): AdmissionLimits {
  const most = maxActive ?? poolSize * 6
  return {
    least: Math.min(most, poolSize * 4),
    most,
    promptMs: 250,
    waiting: most,
    burstMs: 500,
    waitingLate: Math.ceil(most / 2),
    patienceMs: 10,
    refusing: 0.25,
    longestQueue: most * 32,
  }
}

/** Unused time for turning away is kept up to this: no more is spent at a stroke. */
const STROKE_MS = 3
/** How often it is looked who has waited too long. */
const LOOK_MS = 5
/** Nobody has been turned away for so long: there is room again. */
const CALM_MS = 100

/**
 * Lets in as many requests as are done promptly and keeps a short queue before the door; the rest is turned away at
 * once, before anything of it is read. More work at a time would not be done sooner: it would only wait for the database
 * with its memory taken, until all of it is too late.
 */
export function admitting(options: AdmissionOptions): (handle: Handler) => Handler {
  const { limits, always, refuse } = options
  const room = new Room(limits)
  const refusing = new TimeShare(limits.refusing, STROKE_MS)
  const queue: Waiting[] = []
  let active = 0
  let roomAt = -Infinity
  let refusedAt = -Infinity
  let isWatched = false
  const refused = watch(options.meter, () => ({ active, waiting: queue.length, limit: room.size }))

  /** A place is free: that is no sign of room when those who waited for it have been turned away. */
  function noticeRoom(now: number): void {
    if (now - refusedAt > CALM_MS) roomAt = now
  }

  const isLate = (now: number): boolean => now - roomAt > limits.burstMs

  function enter({ handle, request, response }: Waiting): void {
    active++
    const from = performance.now()
    // However it ends: answered, or its client gone.
    response.once('close', () => leave(performance.now() - from))
    handle(request, response)
  }

  function leave(tookMs: number): void {
    if (active >= room.size) room.learn(tookMs)
    active--
    while (active < room.size) {
      const next = queue.shift()
      if (!next) return noticeRoom(performance.now())
      if (!next.response.destroyed) enter(next)
    }
  }

  function turnAway({ request, response }: Waiting, now: number): void {
    refusedAt = now
    refused.add()
    refuse(request, response)
    refusing.spend(performance.now() - now)
  }

  function wait(waiting: Waiting): void {
    queue.push(waiting)
    if (isWatched) return
    isWatched = true
    setTimeout(look, LOOK_MS)
  }

  function look(): void {
    let now = performance.now()
    const patience = isLate(now) ? limits.patienceMs : limits.burstMs
    for (let next = queue[0]; next && now - next.since >= patience; next = queue[0]) {
      if (!refusing.isLeft(now)) break
      queue.shift()
      if (!next.response.destroyed) turnAway(next, now)
      now = performance.now()
    }
    isWatched = queue.length > 0
    if (isWatched) setTimeout(look, LOOK_MS)
  }

  return (handle) => (request, response) => {
    if (always(request.url ?? '/')) return handle(request, response)
    const now = performance.now()
    const knocking = { handle, request, response, since: now }
    if (active < room.size) {
      noticeRoom(now)
      return enter(knocking)
    }
    const places = isLate(now) ? limits.waitingLate : limits.waiting
    if (queue.length < places) return wait(knocking)
    if (queue.length >= limits.longestQueue || refusing.isLeft(now)) return turnAway(knocking, now)
    wait(knocking)
  }
}

interface Waiting {
  readonly handle: Handler
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** By `performance.now()`. */
  readonly since: number
}

function watch(
  meter: Meter,
  now: () => { readonly active: number; readonly waiting: number; readonly limit: number },
) {
  meter.gauge(
    {
      name: 'http_server_active_requests',
      help: 'Requests that are let in and not answered yet, requests that wait to be let in, and how many may be in.',
      labels: ['state'],
    },
    () => Object.entries(now()).map(([state, value]) => ({ labels: { state }, value })),
  )
  return meter.counter({
    name: 'http_server_refused_total',
    help: 'Requests turned away with 503 because as many as can be worked on were there already.',
  })
}
