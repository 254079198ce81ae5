import type { Duplex } from 'node:stream'
import type { DataSource, EntityManager } from 'typeorm'
import type { Pool, PoolClient } from 'pg'
import { Unavailable } from '../domain/shared/errors'
import { type Answered, NamedQuery } from './named-query'
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
  /** Whether each statement is a transaction of its own: what it locked is free again when it is answered. */
  readonly commitsEach?: boolean
  readonly manager: EntityManager
}

/** The pg pool under TypeORM, which cannot name statements itself. */
export const poolOf = (dataSource: DataSource): Pool =>
  (dataSource.driver as unknown as { master: Pool }).master

/** A little more than a statement may take: who has not answered by then will not. Less than a gateway waits. */
const PATIENCE_MILLIS = 4_500

/** The line is open and nobody answers. Whether something was done is not known. */
export class NoAnswer extends Unavailable {}

/** A line whose other end is gone without a word is cut, which also takes it out of the pool. */
function cutLater(client: PoolClient): NodeJS.Timeout {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  return setTimeout(() => stream.destroy(new NoAnswer('the database does not answer')), PATIENCE_MILLIS)
}

/** Waits for work on a connection, but not for ever. */
export async function answered<T>(client: PoolClient, work: Promise<T>): Promise<T> {
  const timer = cutLater(client)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

/** Callbacks all the way: a promise at each step is what a small statement would cost most. */
function ask(client: PoolClient, statement: Statement, values: readonly unknown[], answer: Answered): void {
  const timer = cutLater(client)
  const asking = client as unknown as { query(query: NamedQuery, callback: Answered): void }
  asking.query(new NamedQuery(statement, values, client), (error, rows) => {
    clearTimeout(timer)
    answer(error, rows)
  })
}

/** Waits for `work`; what it fails with is told from where it was asked, not from where the line was read. */
async function rowsOf<Row>(work: (answer: Answered) => void): Promise<readonly Row[]> {
  try {
    return await new Promise((resolve, reject) =>
      work((error, rows) => (error ? reject(error) : resolve(rows as readonly Row[]))),
    )
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error)
    throw translated(error)
  }
}

const onPool = (pool: Pool): Sql => ({
  rows: (statement, values) =>
    rowsOf((answer) =>
      pool.connect((refused, client, release) => {
        if (!client) return answer(refused ?? new Error('no connection'), [])
        ask(client, statement, values, (error, rows) => {
          release(error !== null && translated(error) instanceof Unavailable)
          answer(error, rows)
        })
      }),
    ),
})

const sqlOn = (client: PoolClient): Sql => ({
  rows: (statement, values) => rowsOf((answer) => ask(client, statement, values, answer)),
})

export const pooled = (dataSource: DataSource): Connection => ({
  sql: onPool(poolOf(dataSource)),
  commitsEach: true,
  manager: dataSource.manager,
})

export const onClient = (client: PoolClient, manager: EntityManager): Connection => ({
  sql: sqlOn(client),
  manager,
})
