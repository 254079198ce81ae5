import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The sweeper finds what is due by its index. It read every wallet of every tenant each time. */
export class SweepByIndex1760000106000 implements MigrationInterface {
  readonly name = 'SweepByIndex1760000106000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(read('sweep.v2'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(read('sweep.v1'))
  }
}

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')
