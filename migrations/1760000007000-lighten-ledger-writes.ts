import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Every points event and every idempotency key took a share lock on the one row of its tenant, for a foreign key that
 * the account's own already implies. Concurrent writers of a tenant met there, and nowhere else. Awards write their
 * lots with plain statements, and the sweeper can be run.
 */
export class LightenLedgerWrites1760000007000 implements MigrationInterface {
  readonly name = 'LightenLedgerWrites1760000007000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table outbox drop constraint outbox_tenant_id_fkey`)
    await runner.query(`alter table idempotency drop constraint idempotency_tenant_id_fkey`)
    for (const file of ['award.v1.sql', 'sweep.v1.sql'])
      await runner.query(readFileSync(join(FOLDER, file), 'utf8'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table outbox add foreign key (tenant_id) references tenants`)
    await runner.query(`alter table idempotency add foreign key (tenant_id) references tenants`)
  }
}

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')
