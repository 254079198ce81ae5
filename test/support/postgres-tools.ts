import { execFileSync, spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { postgresUser, type SystemUser } from '../../src/persistence/embedded/system-user'

/** A whole PostgreSQL of this machine: the embedded one brings the server alone, without pg_dump. */
export interface PostgresTools {
  readonly version: string
  /** Starts an empty server in a folder, on a socket there. */
  start(folder: string): Promise<ToolServer>
}

export interface ToolServer {
  readonly url: string
  /** Runs one of the tools against the server; gives what it prints. Throws with what it complains of. */
  run(tool: string, args: readonly string[]): Promise<string>
  stop(): Promise<void>
}

/** The newest PostgreSQL that is installed whole, or null. Debian keeps them side by side, others have one in the path. */
export function postgresTools(): PostgresTools | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...pathOfTools()]
  const bin = folders.find((folder) => TOOLS.every((tool) => existsSync(join(folder, tool))))
  if (bin === undefined) return null
  const version = execFileSync(join(bin, 'pg_dump'), ['--version'], { encoding: 'utf8' }).trim()
  return { version, start: (folder) => startIn(bin, folder) }
}

const TOOLS = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_dumpall', 'pg_restore', 'psql']

const pathOfTools = (): string[] => {
  const { stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  return stdout ? [stdout.trim()] : []
}

async function startIn(bin: string, folder: string): Promise<ToolServer> {
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  // Under root the server is somebody else, who has to get through to it.
  chmodSync(dirname(folder), 0o711)
  const user = postgresUser(join(folder, 'none'))
  if (user.uid !== undefined)
    for (const path of [folder, data]) chownSync(path, user.uid, user.gid ?? user.uid)
  const run = running(bin, folder, user)
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  const settings = `-k ${folder} -c listen_addresses='' -c max_connections=50`
  await run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start'])
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    run: (tool, args) => run(tool, ['-h', folder, '-U', 'postgres', ...args]),
    stop: async () => void (await run('pg_ctl', ['-D', data, '-w', '-m', 'fast', 'stop'])),
  }
}

const running =
  (bin: string, cwd: string, user: SystemUser) =>
  (tool: string, args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      // The server that pg_ctl leaves running must not hold our pipes.
      const stdio: StdioOptions = tool === 'pg_ctl' ? 'ignore' : ['ignore', 'pipe', 'pipe']
      const child = spawn(join(bin, tool), args, { ...user, cwd, stdio })
      const [said, complained] = [child.stdout, child.stderr].map((stream) => {
        const chunks: string[] = []
        stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
        return chunks
      })
      child.on('error', reject)
      child.on('close', (code) => {
        if (code === 0) resolve(said!.join(''))
        else reject(new Error(`${tool} ended with ${code}: ${complained!.join('')}`))
      })
    })
