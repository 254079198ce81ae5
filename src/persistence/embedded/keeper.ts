import { rmSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log'
import { type Cluster, endOfLog, makeSocketDir, spawnPostmaster } from './cluster'
import { DataFolderInUse, EmbeddedPostgresFailed } from './errors'
import { clearStalePid, PORT, runningPostmaster, stopPostmaster } from './postmaster'
import { type Purpose, UserSession } from './session'

/** Also what a recovery after a crash may take. */
const PATIENCE_MS = 120_000

/** Holds our place among the users of a database directory; starts PostgreSQL when it does not run, again if it dies. */
export class Keeper {
  private session: UserSession | null = null
  private socketDir: string | null = null
  private child: ChildProcess | null = null
  private reopening: Promise<void> = Promise.resolve()
  private closing = false

  constructor(
    private readonly cluster: Cluster,
    private readonly purpose: Purpose,
    private readonly log: Log,
  ) {}

  /** Joins the PostgreSQL that runs, or starts one. Answers with the folder of its socket. */
  async open(): Promise<string> {
    const started = Date.now()
    let problem = 'it does not start'
    while (Date.now() - started < PATIENCE_MS && !this.closing) {
      const socketDir = this.ensureRunning()
      if (socketDir !== null) {
        const entered = await this.enter(socketDir)
        if (entered === null) return socketDir
        problem = entered
      }
      await sleep(20)
    }
    throw new EmbeddedPostgresFailed(`PostgreSQL on ${this.cluster.dataPath} cannot be used: ${problem}`)
  }

  /** Leaves; the last one to leave stops PostgreSQL. */
  async close(): Promise<void> {
    this.closing = true
    await this.reopening
    const last = await this.session?.leave().catch(() => false)
    if (last) await this.stopPostgres()
    await this.session?.close()
  }

  private async stopPostgres(): Promise<void> {
    const { dataPath } = this.cluster
    const running = runningPostmaster(dataPath)
    if (running) await stopPostmaster(running, dataPath)
    if (this.socketDir !== null && this.socketDir !== dataPath)
      rmSync(this.socketDir, { recursive: true, force: true })
  }

  /** The socket's folder when PostgreSQL runs and has one; otherwise null, and a start is under way. */
  private ensureRunning(): string | null {
    const running = runningPostmaster(this.cluster.dataPath)
    if (running) return running.socketDir
    if (this.child === null) this.start()
    else if (this.child.exitCode !== null || this.child.signalCode !== null) this.judgeFailedStart()
    return null
  }

  private start(): void {
    clearStalePid(this.cluster.dataPath)
    this.socketDir ??= makeSocketDir(this.cluster)
    this.child = spawnPostmaster(this.cluster, this.socketDir)
    // A program that cannot be run at all shows as an exit code of its own; without a listener it would throw.
    this.child.on('error', (error) => this.log.error({ error: error.message }, 'PostgreSQL could not be run'))
  }

  private judgeFailedStart(): void {
    const end = endOfLog(this.cluster)
    // The processes of a PostgreSQL that was killed are still leaving, or another start was faster than this one.
    const passing = /shared memory block|lock file "postmaster.pid" already exists/.test(end)
    if (!passing)
      throw new EmbeddedPostgresFailed(`PostgreSQL does not start on ${this.cluster.dataPath}:\n${end}`)
    this.child = null
  }

  /** Takes our place. Null: done; otherwise why not yet. */
  private async enter(socketDir: string): Promise<string | null> {
    try {
      const session = await UserSession.open(socketDir, PORT, this.purpose)
      await this.beAloneAsServer(session)
      this.keep(session, socketDir)
      return null
    } catch (error) {
      if (error instanceof DataFolderInUse) throw error
      return error instanceof Error ? error.message : String(error)
    }
  }

  private async beAloneAsServer(session: UserSession): Promise<void> {
    const holder = this.purpose === 'server' ? await session.becomeServer() : null
    if (holder === null) return
    await session.close()
    throw new DataFolderInUse(this.cluster.dataDir, holder)
  }

  private keep(session: UserSession, socketDir: string): void {
    this.session = session
    this.socketDir = socketDir
    this.child = null
    session.onEnd(() => {
      if (!this.closing) this.reopening = this.reopen()
    })
  }

  // PostgreSQL was killed, or crashed and restarted itself: take our place again, starting it where needed.
  private async reopen(): Promise<void> {
    this.session = null
    this.log.warn({ dataDir: this.cluster.dataDir }, 'the embedded PostgreSQL went away; bringing it back')
    while (!this.closing) {
      try {
        await this.open()
        this.log.info({ dataDir: this.cluster.dataDir }, 'the embedded PostgreSQL is back')
        return
      } catch (error) {
        this.log.error({ error: String(error) }, 'the embedded PostgreSQL is not back yet')
        await sleep(1_000)
      }
    }
  }
}
