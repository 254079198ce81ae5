import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The oldest names of requests are found without reading the others. */
export class PruneRequests1760000090000 implements MigrationInterface {
  readonly name = 'PruneRequests1760000090000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index requests_by_age on requests (created_at)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index requests_by_age`)
  }
}
