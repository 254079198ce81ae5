import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'

/** One request, ready to be sent. */
export interface Shot {
  readonly door: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The name under which a write can be found again. */
  readonly name?: string
}

export interface Hit {
  readonly shot: Shot
  /** Null: no answer came. */
  readonly status: number | null
  readonly retryAfter: string | undefined
  readonly body: string
  readonly ms: number
  /** When it was sent, as `performance.now()` counts. */
  readonly at: number
}

export interface Load {
  readonly url: string
  /** So many clients, each with its connection, each sending its next request when the last is answered. */
  readonly clients: number
  readonly shots: () => Shot
  readonly until: () => boolean
  readonly hit: (hit: Hit) => void
}

/** Sends requests as fast as so many clients can; resolves when the last of them is answered. */
export async function fire({ url, clients, shots, until, hit }: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const target = new URL(url)
  const client = async (): Promise<void> => {
    while (!until()) hit(await send(agent, target, shots()))
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
}

/** Sends one request; an answer that does not come within ten seconds is none. */
export function send(agent: Agent | undefined, { hostname, port }: URL, shot: Shot): Promise<Hit> {
  const at = performance.now()
  const { method, path, headers, body } = shot
  return new Promise((resolve) => {
    const done = (status: number | null, text = '', retryAfter?: string): void =>
      resolve({ shot, status, retryAfter, body: text, ms: performance.now() - at, at })
    const call = request({ agent, hostname, port, method, path, headers, timeout: 10_000 }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        done(answer.statusCode ?? null, Buffer.concat(chunks).toString(), answer.headers['retry-after']),
      )
      answer.on('error', () => done(null))
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => done(null))
    call.end(body)
  })
}

/** The value that so many of a hundred do not exceed; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}
