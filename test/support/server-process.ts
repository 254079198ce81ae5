import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  readonly output: () => string
  /** Resolves with the exit code, or null for a signal. */
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

/** A folder of a test's own for an embedded database. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'loyalty-e2e-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** `npm start` as people run it, on an embedded database in the folder; resolves when it is ready. */
export async function startServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDir,
      PORT: String(port),
      // Nobody balances load over a test's server.
      STOP_DELAY_SECONDS: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const server = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    output: () => lines.join(''),
    exited,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  }
  await untilReady(server, child)
  return server
}

const PATIENCE_MS = 60_000

async function untilReady(server: ServerProcess, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${server.output()}`)
    const answer = await fetch(`${server.url}/readyz`).catch(() => null)
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the server did not become ready: ${server.output()}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** The `loyalty` command, run to its end. */
export function runLoyalty(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['scripts/loyalty.mjs', ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
    child.on('exit', (code) => resolve({ code, output: lines.join('') }))
  })
}
