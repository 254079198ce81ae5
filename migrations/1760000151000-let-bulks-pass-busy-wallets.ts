import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A bulk may leave wallets that somebody else has for a second call: decision 0067. */
export class LetBulksPassBusyWallets1760000151000 implements MigrationInterface {
  readonly name = 'LetBulksPassBusyWallets1760000151000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(read('bulk.v5'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(read('bulk.v4'))
    for (const f of ['bulk_of_free_v1', 'items_but_v1', 'run_items_v1'])
      await runner.query(`drop function ledger_${f}`)
  }
}

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')
