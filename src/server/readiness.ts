import { within } from './within'

/** `ahead`: a newer version has migrated it, which every version is written to stand for as long as it takes to replace it. */
export type SchemaAge = 'current' | 'behind' | 'ahead'

/** What the server asks of the database to know whether it can work. */
export interface DatabaseProbe {
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** Against what this version knows. */
  schema(): Promise<SchemaAge>
}

export interface ReadinessReport {
  readonly ready: boolean
  readonly draining: boolean
  readonly database: 'ok' | 'unreachable'
  readonly schema: SchemaAge | 'unknown'
}

const PATIENCE_MS = 300
const FRESH_MS = 1_000

/** Whether this process should be sent requests. Asks the database at most once a second, and never waits for it long. */
export class Readiness {
  private draining = false
  private last: { at: number; report: Promise<ReadinessReport> } | null = null

  constructor(private readonly probe: DatabaseProbe) {}

  /** From now on never ready again: this process is about to stop. */
  drain(): void {
    this.draining = true
  }

  get isDraining(): boolean {
    return this.draining
  }

  async report(): Promise<ReadinessReport> {
    if (!this.last || Date.now() - this.last.at > FRESH_MS) this.last = { at: Date.now(), report: this.ask() }
    const report = await this.last.report
    return this.draining ? { ...report, ready: false, draining: true } : report
  }

  private async ask(): Promise<ReadinessReport> {
    const answers = Promise.all([this.probe.ping(), this.probe.schema()])
    const schema = await within(PATIENCE_MS, answers).then(
      ([, age]) => age,
      () => 'unknown' as const,
    )
    return {
      ready: schema === 'current' || schema === 'ahead',
      draining: false,
      database: schema === 'unknown' ? 'unreachable' : 'ok',
      schema,
    }
  }
}
