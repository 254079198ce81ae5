import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request, ready to be sent. */
export interface Shot {
  readonly door: string
  /** As it goes over the line. */
  readonly bytes: Buffer
  /** The name under which a write can be found again. */
  readonly name: string | null
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
  /** Together they send at most so many a second. */
  readonly perSecond?: number
  readonly shots: () => Shot
  readonly until: () => boolean
  readonly hit: (hit: Hit) => void
}

/**
 * Sends requests as so many clients can; resolves when the last of them is answered. It shares the machine with the
 * server it tries, so it does as little as possible: requests are bytes that were made before, of answers only what is
 * asked for is read.
 */
export async function fire({ url, clients, perSecond, shots, until, hit }: Load): Promise<void> {
  const turn = perSecond === undefined ? () => Promise.resolve() : pace(perSecond)
  const client = async (): Promise<void> => {
    const line = new Line(Number(new URL(url).port))
    for (await turn(); !until(); await turn()) {
      const shot = shots()
      const at = performance.now()
      const answer = await line.send(shot.bytes)
      hit({ ...answer, shot, at, ms: performance.now() - at })
    }
    line.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
}

export function shotOf(
  door: string,
  {
    method,
    url,
    headers = {},
    body = '',
  }: {
    readonly method: string
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Buffer
  },
  name: string | null = null,
): Shot {
  const lines = Object.entries({ host: 'test', ...headers, 'content-length': Buffer.byteLength(body) })
  const head = lines.map(([field, value]) => `${field}: ${value}\r\n`).join('')
  return { door, name, bytes: Buffer.from(`${method} ${url} HTTP/1.1\r\n${head}\r\n${String(body)}`) }
}

type Answer = Pick<Hit, 'status' | 'retryAfter' | 'body'>

const NONE: Answer = { status: null, retryAfter: undefined, body: '' }

/** One client's connection, opened again when the server has closed it. */
class Line {
  private socket: Socket | null = null
  private received = ''
  private answered: (answer: Answer) => void = () => undefined

  constructor(private readonly port: number) {}

  send(bytes: Buffer): Promise<Answer> {
    return new Promise((resolve) => {
      this.answered = resolve
      this.received = ''
      this.socket ??= this.dial()
      this.socket.write(bytes)
    })
  }

  close(): void {
    this.socket?.destroy()
  }

  private dial(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    socket.setTimeout(10_000, () => socket.destroy())
    socket.on('data', (data) => this.receive(data))
    // What ends a connection while an answer is due is told by `close`.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.socket === socket) this.socket = null
      this.answered(NONE)
    })
    return socket
  }

  private receive(data: Buffer): void {
    this.received += data.toString('latin1')
    const end = this.received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.received.slice(0, end)
    const body = this.received.slice(end + 4)
    const length = /^content-length: (\d+)$/im.exec(head)?.[1]
    if (length === undefined) throw new Error(`an answer without its length: ${head}`)
    if (body.length < Number(length)) return
    if (/^connection: close$/im.test(head)) {
      this.socket?.removeAllListeners('close').destroy()
      this.socket = null
    }
    this.answered({
      status: Number(head.slice(9, 12)),
      retryAfter: /^retry-after: (.+)$/im.exec(head)?.[1],
      body,
    })
  }
}

/** Gives turns evenly over time; who comes later than its turn has it at once. */
function pace(perSecond: number): () => Promise<void> {
  let next = performance.now()
  return async () => {
    next += 1_000 / perSecond
    const wait = next - performance.now()
    if (wait > 0) await sleep(wait)
    // What could not be sent in time is not made up for in a burst.
    else if (wait < -100) next = performance.now()
  }
}

/** The value that so many of a hundred do not exceed; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}
