import type { Duplex } from 'node:stream'
import type { DataSource, EntityManager } from 'typeorm'
import type { Pool, PoolClient } from 'pg'
import { Unavailable } from '../domain/shared/errors'
import { translated } from './sql-errors'

/** A statement with a name, so that each connection prepares it once. Names are unique, at most 63 characters. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Runs statements on the pool, or on one connection inside a transaction. */
export interface Sql {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>
}

/** What stores are built on: named statements for the hot paths, TypeORM's repositories for the rest, on the same connection. */
export interface Connection {
  readonly sql: Sql
  readonly manager: EntityManager
}

/** The pg pool under TypeORM, which cannot name statements itself. */
export const poolOf = (dataSource: DataSource): Pool =>
  (dataSource.driver as unknown as { master: Pool }).master

/** A little more than a statement may take: who has not answered by then will not. Less than a gateway waits. */
const PATIENCE_MILLIS = 4_500

/** The line is open and nobody answers. Whether something was done is not known. */
export class NoAnswer extends Unavailable {}

/**
 * Waits for work on a connection, but not for ever: a line whose other end is gone without a word is cut, which also
 * takes it out of the pool.
 */
export async function answered<T>(client: PoolClient, work: Promise<T>): Promise<T> {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  const timer = setTimeout(
    () => stream.destroy(new NoAnswer('the database does not answer')),
    PATIENCE_MILLIS,
  )
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

async function rowsOn<Row>(client: PoolClient, { name, text }: Statement, values: readonly unknown[]) {
  const { rows } = await answered(client, client.query({ name, text, values: values as unknown[] }))
  return rows as Row[]
}

const onPool = (pool: Pool): Sql => ({
  async rows<Row>(statement: Statement, values: readonly unknown[]) {
    let client: PoolClient | null = null
    let lost = true
    try {
      client = await pool.connect()
      const rows = await rowsOn<Row>(client, statement, values)
      lost = false
      return rows
    } catch (error) {
      const told = translated(error)
      lost = told instanceof Unavailable
      throw told
    } finally {
      client?.release(lost)
    }
  },
})

const sqlOn = (client: PoolClient): Sql => ({
  async rows<Row>(statement: Statement, values: readonly unknown[]) {
    try {
      return await rowsOn<Row>(client, statement, values)
    } catch (error) {
      throw translated(error)
    }
  },
})

export const pooled = (dataSource: DataSource): Connection => ({
  sql: onPool(poolOf(dataSource)),
  manager: dataSource.manager,
})

export const onClient = (client: PoolClient, manager: EntityManager): Connection => ({
  sql: sqlOn(client),
  manager,
})
