import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server that never changes, as a process of its own on the same PostgreSQL: what the machine makes of it is not the real one's doing. */
export interface Control {
  readonly url: string
  stop(): Promise<void>
}

export async function startControl(databaseUrl: string): Promise<Control> {
  const child = spawn(process.execPath, [join(__dirname, 'control-server.mjs')], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** A server that gets slower: what is asked of `url` through it is passed on late, by so many milliseconds more each minute. */
export async function slowing(url: string, millisPerMinute: number): Promise<{ url: string; close(): void }> {
  const began = performance.now()
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1')
    near.on('data', (bytes) => {
      const late = ((performance.now() - began) / 60_000) * millisPerMinute
      setTimeout(() => far.write(bytes), late)
    })
    far.pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => proxy.close() }
}
