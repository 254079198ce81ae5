import type { DataSource, EntityManager } from 'typeorm'
import type { Pool, PoolClient } from 'pg'
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

const sqlOn = (queryable: Pool | PoolClient): Sql => ({
  async rows<Row>({ name, text }: Statement, values: readonly unknown[]) {
    try {
      const result = await queryable.query({ name, text, values: values as unknown[] })
      return result.rows as Row[]
    } catch (error) {
      throw translated(error)
    }
  },
})

export const pooled = (dataSource: DataSource): Connection => ({
  sql: sqlOn(poolOf(dataSource)),
  manager: dataSource.manager,
})

export const onClient = (client: PoolClient, manager: EntityManager): Connection => ({
  sql: sqlOn(client),
  manager,
})
