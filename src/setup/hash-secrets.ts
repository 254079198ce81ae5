import type {
  OauthClientDefinition,
  SecretHashes,
  TenantDefinition,
  TillDefinition,
} from '../domain/programs/setup-definition'
import { hashSecret, verifySecret } from '../domain/shared/secret-hash'

/** A tenant of a document, with passwords and secrets as the protocols send them. */
export interface TenantInClear extends Omit<TenantDefinition, 'tills' | 'oauthClients'> {
  readonly tills: readonly (Omit<TillDefinition, 'passwordHash'> & { readonly password: string })[]
  readonly oauthClients: readonly (Omit<OauthClientDefinition, 'secretHash'> & { readonly secret: string })[]
}

/** Half of the threads that Node has for such work: who signs in meanwhile must not wait for a whole setup. */
const AT_ONCE = 2

/**
 * The tenant with slow hashes in place of what they are of; a secret that a stored hash is of keeps it. Takes some 50 ms of a core for
 * each, so that no transaction may be open around it.
 */
export async function withHashes(
  { tills, oauthClients, ...tenant }: TenantInClear,
  known: SecretHashes,
): Promise<TenantDefinition> {
  return {
    ...tenant,
    tills: await inTurns(tills, async ({ password, ...till }) => ({
      ...till,
      passwordHash: await hashOf(password, known.tills.get(till.code)),
    })),
    oauthClients: await inTurns(oauthClients, async ({ secret, ...client }) => ({
      ...client,
      secretHash: await hashOf(secret, known.oauthClients.get(client.key)),
    })),
  }
}

const hashOf = async (secret: string, stored: string | undefined): Promise<string> =>
  stored !== undefined && (await verifySecret(secret, stored)) ? stored : hashSecret(secret)

/** Each entry through slow work, `AT_ONCE` at a time, in the order they stand in. */
async function inTurns<T, U>(entries: readonly T[], work: (entry: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = []
  const left = entries.entries()
  const worker = async () => {
    for (const [index, entry] of left) done[index] = await work(entry)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return done
}
