import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from './errors'

/** A PostgreSQL that runs on a data directory, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number
  /** The folder of its socket, as this process sees it. */
  readonly socketDir: string | null
}

/**
 * Under root PostgreSQL may not walk to its data directory (a home is closed to others), but it may stay where it
 * is put: it is started inside the directory and calls it by this name, so data never have to be kept elsewhere.
 */
export const SELF = '/proc/self/cwd'

export const PORT = 5432
export const socketFile = (socketDir: string): string => join(socketDir, `.s.PGSQL.${PORT}`)

/** The PostgreSQL that runs on `dataPath`, or null. */
export function runningPostmaster(dataPath: string): Postmaster | null {
  const lines = pidFileLines(dataPath)
  const pid = Number(lines?.[0])
  if (!lines || !(pid > 0) || !runsOn(pid, dataPath)) return null
  const socketDir = lines[4] === SELF ? dataPath : lines[4]
  return { pid, socketDir: socketDir || null }
}

/**
 * Removes what a crash left behind where PostgreSQL would take it for a living server: it only asks whether the pid
 * exists, and after a reboot (or in a new container) another program may have got that pid.
 */
export function clearStalePid(dataPath: string): void {
  const pid = Number(pidFileLines(dataPath)?.[0])
  if (!(pid > 0) || !isAlive(pid) || runsOn(pid, dataPath)) return
  rmSync(join(dataPath, 'postmaster.pid'), { force: true })
  rmSync(`${socketFile(dataPath)}.lock`, { force: true })
}

/** Fast shutdown: sessions are ended, what was committed is on disk. Resolves when the process is gone. */
export async function stopPostmaster({ pid }: Postmaster, dataPath: string): Promise<void> {
  if (!signal(pid, 'SIGINT')) return
  for (let waited = 0; runsOn(pid, dataPath); waited += 20) {
    // The write-ahead log makes an immediate stop safe too; the next start only takes longer.
    if (waited === 10_000) signal(pid, 'SIGQUIT')
    if (waited > 15_000) throw new Error(`PostgreSQL (process ${pid}) on ${dataPath} did not stop`)
    await sleep(20)
  }
}

function pidFileLines(dataPath: string): string[] | null {
  try {
    return readFileSync(join(dataPath, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return null
  }
}

/** Whether process `pid` is the PostgreSQL of this very directory. A server's working directory is its data directory. */
function runsOn(pid: number, dataPath: string): boolean {
  if (!isAlive(pid)) return false
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataPath)
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres')
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
