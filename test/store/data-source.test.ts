import type { TestDatabase } from '../support/database'
import { testDatabase } from '../support/database'

describe('the data source', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())

  const one = async (sql: string): Promise<unknown> => {
    const [row] = await database.dataSource.query<{ v: unknown }[]>(sql)
    return row?.v
  }

  it('gives instants as text, with their microseconds, in UTC', async () => {
    expect(await one(`select timestamptz '2026-11-21 08:30:00.123456+05:30' as v`)).toBe(
      '2026-11-21T03:00:00.123456Z',
    )
    expect(await one(`select timestamptz '2026-11-21 03:00:00.1+00' as v`)).toBe(
      '2026-11-21T03:00:00.100000Z',
    )
    expect(await one(`select timestamptz '2026-11-21 03:00:00+00' as v`)).toBe('2026-11-21T03:00:00.000000Z')
    expect(await one(`select timestamptz 'infinity' as v`)).toBe('infinity')
  })
})
