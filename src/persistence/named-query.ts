import type { PoolClient, Submittable } from 'pg'
import { prepareValue } from 'pg/lib/utils'
import type { Statement } from './sql'

export type Answered = (error: Error | null, rows: readonly object[]) => void

/**
 * Sends a statement by its name, for the driver's `query(submittable, callback)`. The driver's own query asks for the
 * description of the rows at each call and reads it anew, which costs this process as much as all else that it does
 * for a small statement. A prepared statement's rows never change (PostgreSQL refuses to run it once they would), so
 * here they are described when the connection prepares it, and remembered.
 */
export class NamedQuery implements Submittable {
  readonly name: string
  readonly text: string
  /** The driver's: set by `query`. */
  callback: Answered | null = null
  private shape: Shape | null = null
  /** Whether the description was asked for this time. */
  private isDescribed = false
  private failure: Error | null = null
  private readonly rows: object[] = []

  constructor(
    { name, text }: Statement,
    private readonly values: readonly unknown[],
    private readonly client: Pick<PoolClient, 'getTypeParser'> & { readonly isBehindPooler?: boolean },
  ) {
    // Without a name it is prepared each time, which is what a connection that others use in between needs.
    this.name = client.isBehindPooler ? '' : name
    this.text = text
  }

  submit(connection: object): Error | null {
    return this.send(connection as Wire)
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.shape = {
      names: fields.map(({ name }) => name),
      parsers: fields.map(({ dataTypeID }) => this.client.getTypeParser(dataTypeID, 'text') as Parser),
      blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
    }
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      if (!this.failure) this.rows.push(rowOf(this.shape, fields))
    } catch (error) {
      // The rest of the answer has to be read all the same.
      this.failure = error instanceof Error ? error : new Error(String(error))
    }
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handleError(error: Error): void {
    this.callback?.(error, [])
  }

  handleReadyForQuery(connection: object): void {
    if (this.isDescribed) shapesOf(connection).set(this.name, this.shape ?? NO_ROWS)
    this.callback?.(this.failure, this.rows)
  }

  private send(wire: Wire): Error | null {
    const parsed = wire.parsedStatements[this.name]
    if (parsed !== undefined && parsed !== this.text)
      return new Error(`${this.name} is the name of another statement`)
    this.shape = parsed === undefined ? null : (shapesOf(wire).get(this.name) ?? null)
    this.isDescribed = this.shape === null
    // In one packet.
    wire.stream.cork()
    try {
      const values = this.values.map(prepareValue)
      if (parsed === undefined) wire.parse({ name: this.name, text: this.text })
      wire.bind({ statement: this.name, values })
      if (this.isDescribed) wire.describe({ type: 'P' })
      wire.execute()
      wire.sync()
      return null
    } catch (error) {
      return error as Error
    } finally {
      wire.stream.uncork()
    }
  }
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

type Parser = (text: string) => unknown

/** How the rows of a statement are read. */
interface Shape {
  readonly names: readonly string[]
  readonly parsers: readonly Parser[]
  /** A row without its values: copying it costs less than making one key by key. */
  readonly blank: Readonly<Record<string, unknown>>
}

const NO_ROWS: Shape = { names: [], parsers: [], blank: {} }

function rowOf(shape: Shape | null, fields: readonly (string | null)[]): object {
  if (shape?.names.length !== fields.length) throw new Error('a row is not as it was described')
  const { names, parsers, blank } = shape
  const row = { ...blank }
  for (let index = 0; index < fields.length; index++) {
    const text = fields[index]
    if (typeof text === 'string') row[names[index] as string] = (parsers[index] as Parser)(text)
  }
  return row
}

/** What connections have prepared: as long-lived as they are. */
const SHAPES = new WeakMap<object, Map<string, Shape>>()

function shapesOf(connection: object): Map<string, Shape> {
  const known = SHAPES.get(connection)
  if (known) return known
  const shapes = new Map<string, Shape>()
  SHAPES.set(connection, shapes)
  return shapes
}

/** The driver's connection, as whoever writes a query of their own sees it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void }
  /** The texts that this connection has prepared, by name. */
  readonly parsedStatements: Readonly<Record<string, string>>
  parse(statement: Statement): void
  bind(bound: { readonly statement: string; readonly values: readonly (string | Buffer | null)[] }): void
  describe(what: { readonly type: 'P' }): void
  execute(): void
  sync(): void
}
