import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Orders at the Annex door, from a process that shares nothing with the test but the machine. */
export interface LoadElsewhere {
  readonly url: string
  readonly clients: number
  readonly perSecond?: number
  /** Orders are named `PREFIX-0`, `PREFIX-1`, … */
  readonly prefix: string
  /** Of so many people, in turn. */
  readonly members: number
  readonly seconds: number
  /** So many requests are made before, because making them takes a core from the server. */
  readonly prepared: number
}

export interface FarHit {
  /** Null: no answer came. */
  readonly status: number | null
  readonly retryAfter: string | undefined
  /** Of what was not done. */
  readonly body: string
  readonly ms: number
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number
}

/** Fires; resolves with every answer when the time is over. `started` is told when the first request is about to be sent. */
export async function fireElsewhere(load: LoadElsewhere, started: () => void = () => {}): Promise<FarHit[]> {
  const child = fork(join(__dirname, 'load-child.cjs'), { execArgv: [], serialization: 'advanced' })
  child.send(load)
  await once(child, 'message')
  child.send('go')
  started()
  const [hits] = (await once(child, 'message')) as [
    [number | null, string | undefined, string, number, number][],
  ]
  return hits.map(([status, retryAfter, body, ms, at]) => ({ status, retryAfter, body, ms, at }))
}
