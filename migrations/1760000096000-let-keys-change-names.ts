import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * One statement of a setup removes keys and adds others: a key that gets another name, or two that change places, are
 * alike only in between.
 */
export class LetKeysChangeNames1760000096000 implements MigrationInterface {
  readonly name = 'LetKeysChangeNames1760000096000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys
        drop constraint api_keys_key_hash_key,
        add constraint api_keys_key_hash_key unique (key_hash) deferrable`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys
        drop constraint api_keys_key_hash_key,
        add constraint api_keys_key_hash_key unique (key_hash)`)
  }
}
