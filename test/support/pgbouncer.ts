import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SELF } from '../../src/persistence/embedded/postmaster'
import { postgresUser } from '../../src/persistence/embedded/system-user'

/** What `pgbouncer --version` says first, or null where it is not installed. */
export function pgBouncerVersion(): string | null {
  const { stdout } = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' })
  return stdout?.split('\n')[0] || null
}

export interface Pooler {
  readonly url: string
  stop(): Promise<void>
}

/** PgBouncer in transaction mode before a database, with two connections for everybody who comes. */
export async function startPgBouncer(
  folder: string,
  { host, database, user }: { readonly host: string; readonly database: string; readonly user: string },
): Promise<Pooler> {
  const port = await freePort()
  const config = join(folder, 'pgbouncer.ini')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    config,
    `[databases]
loyalty = host=${SELF} port=5432 dbname=${database} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
logfile = ${join(folder, 'log')}
`,
  )
  // It refuses to be root, and may then not walk to the socket: it is put there, as PostgreSQL is.
  const { uid, gid } = postgresUser(join(folder, 'none'))
  chmodSync(dirname(folder), 0o711)
  if (uid !== undefined) for (const path of [folder, config]) chownSync(path, uid, gid ?? uid)
  const child = spawn('pgbouncer', ['-q', config], {
    ...(uid === undefined ? {} : { uid, gid }),
    cwd: host,
    stdio: 'ignore',
  })
  await untilListening(port, child)
  return {
    url: `postgres://anybody@127.0.0.1:${port}/loyalty`,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      }).on('error', () => resolve(false))
    })
    if (there) return
    await sleep(25)
  }
  throw new Error('PgBouncer does not listen')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
