import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Whoever had to wait for a wallet says how long, for the metrics; who had not pays nothing for it. */
export class TellOfWaits1760000105000 implements MigrationInterface {
  readonly name = 'TellOfWaits1760000105000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of ['lock.v2', 'award.v5', 'redeem.v5']) await runner.query(read(file))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const file of ['lock.v1', 'award.v4', 'redeem.v4']) await runner.query(read(file))
    await runner.query(`drop function ledger_waited_v1(timestamptz)`)
  }
}

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')
