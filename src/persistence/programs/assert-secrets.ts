import type { Connection, Statement } from '../sql'
import type { SecretBox } from './secret-box'

/** Secrets in the database were sealed with another key: their doors could let nobody in. */
export class SecretsUnreadable extends Error {
  override readonly name = 'SecretsUnreadable'
  constructor(readonly doors: readonly string[]) {
    super(
      `ENCRYPTION_KEY is not the key that sealed the secrets of ${doors.join(', ')}. ` +
        'Start with the key they were applied with, or apply their setup again with this one.',
    )
  }
}

/** Refuses a key that cannot open what is stored: better at the start than at each sign-in. */
export async function assertSecretsReadable({ sql }: Connection, box: SecretBox): Promise<void> {
  const rows = await sql.rows<{ tenant: string; door: string; secrets: readonly Buffer[] }>(ALL_SECRETS, [])
  const closed = rows.filter(({ secrets }) => !secrets.every((secret) => opens(box, secret)))
  if (closed.length > 0) throw new SecretsUnreadable(closed.map(({ tenant, door }) => `${tenant}/${door}`))
}

/** Whether a sealed secret is one of this key's. */
export function opens(box: SecretBox, sealed: Buffer): boolean {
  try {
    box.open(sealed)
    return true
  } catch {
    return false
  }
}

const ALL_SECRETS: Statement = {
  name: 'all_secrets',
  text: `select t.key as tenant, d.door, d.secrets from doors d join tenants t using (tenant_id)`,
}
