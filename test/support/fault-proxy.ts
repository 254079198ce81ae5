import { createServer, connect, type Server, type Socket } from 'node:net'
import { rmSync } from 'node:fs'

/**
 * What happens to a connection on its way: passed on; `fragment`: byte by byte, both ways; `delay`: every answer 200 ms
 * late; `lose-request`: cut before the next request arrives; `lose-reply`: the request arrives and is done, its answer
 * is cut off; `stall`: for five seconds nothing passes, either way; `half-open`: nothing passes ever again, and neither
 * end is told.
 */
export type Fault = 'none' | 'fragment' | 'delay' | 'lose-request' | 'lose-reply' | 'stall' | 'half-open'

const STALL_MILLIS = 5_000

/** A proxy in front of PostgreSQL's Unix socket that does harm when told to. */
export class FaultProxy {
  fault: Fault = 'none'
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(
    private readonly target: string,
    readonly path: string,
  ) {
    this.server = createServer((client) => this.join(client))
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.path, resolve))
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
    rmSync(this.path, { force: true })
  }

  private join(client: Socket): void {
    const database = connect(this.target)
    const cut = () => {
      client.destroy()
      database.destroy()
    }
    for (const socket of [client, database]) {
      this.sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        this.sockets.delete(socket)
        cut()
      })
    }
    const line = { dead: false, heldUntil: 0 }
    /** Whether something gets through now; later, after a stall; or never. */
    const through = (data: Buffer, to: Socket): void => {
      if (this.strikes('half-open')) line.dead = true
      if (this.strikes('stall')) line.heldUntil = Date.now() + STALL_MILLIS
      const wait = line.heldUntil - Date.now()
      if (line.dead) return
      if (wait > 0) setTimeout(() => to.writable && to.write(data), wait)
      else this.pass(data, to)
    }
    client.on('data', (data) => (this.strikes('lose-request') ? cut() : through(data, database)))
    database.on('data', (data) => {
      if (this.strikes('lose-reply')) cut()
      else if (this.fault === 'delay') setTimeout(() => client.write(data), 200)
      else through(data, client)
    })
  }

  /** A cut happens once, and then the line is whole again. */
  private strikes(fault: Fault): boolean {
    if (this.fault !== fault) return false
    this.fault = 'none'
    return true
  }

  private pass(data: Buffer, to: Socket): void {
    if (this.fault !== 'fragment') to.write(data)
    else for (let byte = 0; byte < data.length; byte++) to.write(data.subarray(byte, byte + 1))
  }
}
