import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A bulk is told column by column, and what is written together is judged by the statement that writes it: decision 0066.
 * Servers of the version before go on with `ledger_bulk_v2`, which stays as it is.
 */
export class TakeBulksByColumn1760000150000 implements MigrationInterface {
  readonly name = 'TakeBulksByColumn1760000150000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of ['bulk-items.v3', 'bulk.v4', 'bulk-awards.v4', 'bulk-redemptions.v4'])
      await runner.query(readFileSync(join(FOLDER, `${file}.sql`), 'utf8'))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const f of FUNCTIONS) await runner.query(`drop function ledger_${f}`)
    await runner.query('drop type ledger_items_v3')
  }
}

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')
const FUNCTIONS = [
  ...['bulk_v3', 'award_together_v3', 'redeem_together_v3', 'judged_v3', 'item_of_v3', 'keys_of_v3'],
  'lock_items_v1',
]
