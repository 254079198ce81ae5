import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * An award of one line, and a single figure of any verb, go without reading lists of one. The functions keep their names
 * and what they do.
 */
export class WriteOneLinePlainly1760000152000 implements MigrationInterface {
  readonly name = 'WriteOneLinePlainly1760000152000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of ['decimals.v3', 'award.v6']) await runner.query(read(file))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const file of ['decimals.v2', 'award.v5']) await runner.query(read(file))
  }
}

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')
