import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Meter } from '../domain/shared/meter'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface AdmissionLimits {
  /** So many requests are worked on at a time … */
  readonly active: number
  /** … and so many wait for their turn … */
  readonly waiting: number
  /** … at most so long, in milliseconds, when there has lately been room: a burst, which will be worked off … */
  readonly burstMs: number
  /** … or so long, when there was none for `burstMs`: more comes than goes, and waiting only makes it late. */
  readonly patienceMs: number
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
 * What suits a pool of so many connections: those at work can share statements (`shared-work.ts`), which is worth more than
 * the memory they take, and nobody waits for long in vain.
 */
export function limitsFor(poolSize: number, maxActive: number | null): AdmissionLimits {
  const active = maxActive ?? poolSize * 4
  return { active, waiting: active * 2, burstMs: 500, patienceMs: 40 }
}

/**
 * Lets in as many requests as can be worked on and keeps a short queue before the door; the rest is turned away at once,
 * before anything of it is read. More work at a time would not be done sooner: it would only wait for the database with
 * its memory taken, until all of it is too late.
 */
export function admitting(options: AdmissionOptions): (handle: Handler) => Handler {
  const { limits, always, refuse } = options
  const queue: Waiting[] = []
  let active = 0
  /** When there was last room: a queue that is empty because all in it gave up is no sign of it. */
  let roomAt = -Infinity
  const refused = watch(options.meter, () => ({ active, waiting: queue.length }))

  function enter(handle: Handler, request: IncomingMessage, response: ServerResponse): void {
    active++
    // However it ends: answered, or its client gone.
    response.once('close', leave)
    handle(request, response)
  }

  function leave(): void {
    active--
    if (queue.length === 0) roomAt = performance.now()
    for (let next = queue.shift(); next; next = queue.shift()) {
      clearTimeout(next.timer)
      if (next.response.destroyed) continue
      return enter(next.handle, next.request, next.response)
    }
  }

  const patience = (): number =>
    performance.now() - roomAt > limits.burstMs ? limits.patienceMs : limits.burstMs

  function turnAway(request: IncomingMessage, response: ServerResponse): void {
    refused.add()
    refuse(request, response)
  }

  return (handle) => (request, response) => {
    if (always(request.url ?? '/')) return handle(request, response)
    if (active < limits.active) {
      roomAt = performance.now()
      return enter(handle, request, response)
    }
    if (queue.length >= limits.waiting) return turnAway(request, response)
    const waiting: Waiting = {
      handle,
      request,
      response,
      timer: setTimeout(() => {
        queue.splice(queue.indexOf(waiting), 1)
        if (!response.destroyed) turnAway(request, response)
      }, patience()),
    }
    queue.push(waiting)
  }
}

interface Waiting {
  readonly handle: Handler
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly timer: NodeJS.Timeout
}

function watch(meter: Meter, now: () => { readonly active: number; readonly waiting: number }) {
  meter.gauge(
    {
      name: 'http_server_active_requests',
      help: 'Requests that are let in and not answered yet, and requests that wait to be let in.',
      labels: ['state'],
    },
    () => Object.entries(now()).map(([state, value]) => ({ labels: { state }, value })),
  )
  return meter.counter({
    name: 'http_server_refused_total',
    help: 'Requests turned away with 503 because as many as can be worked on were there already.',
  })
}
