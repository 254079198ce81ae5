import type { CredentialStore, DoorSecrets } from '../../domain/programs/credentials'

/** How long a door's secrets are taken as they were read: what changes elsewhere is felt here this much later. */
const TRUST_MILLIS = 100
/** How long nothing is remembered after a change of our own, which may not have been committed yet. */
const DISTRUST_MILLIS = 2_000
/** More doors than a process can be busy with at once. */
const MOST_DOORS = 1_000

/**
 * Credentials that remember a door's secrets for a moment, so that a busy site is not looked up for each of its
 * requests. A change through this process is felt at once, one through another after a tenth of a second. Of how the
 * moments are told apart only differences matter.
 */
export class RememberingCredentialStore implements CredentialStore {
  private readonly doors = new Map<
    string,
    { readonly found: Promise<DoorSecrets | null>; readonly at: number }
  >()
  private distrustUntil = -Infinity

  constructor(
    private readonly store: CredentialStore,
    private readonly monotonicMillis: () => number,
  ) {}

  readonly apiKeyByHash: CredentialStore['apiKeyByHash'] = (hash) => this.store.apiKeyByHash(hash)
  readonly tillByCode: CredentialStore['tillByCode'] = (code) => this.store.tillByCode(code)
  readonly oauthClientByKey: CredentialStore['oauthClientByKey'] = (key) => this.store.oauthClientByKey(key)

  /** Something of a setup, or a clock, is about to change through this process. */
  forget(): void {
    this.doors.clear()
    this.distrustUntil = this.monotonicMillis() + DISTRUST_MILLIS
  }

  secretsOfDoor(door: string, externalId: string): Promise<DoorSecrets | null> {
    const now = this.monotonicMillis()
    if (now < this.distrustUntil) return this.store.secretsOfDoor(door, externalId)
    const key = `${door} ${externalId}`
    const known = this.doors.get(key)
    if (known && now - known.at < TRUST_MILLIS) return known.found
    const found = this.store.secretsOfDoor(door, externalId)
    if (this.doors.size >= MOST_DOORS) this.doors.clear()
    this.doors.set(key, { found, at: now })
    // An accident is nobody's secret: whoever comes next asks again.
    found.catch(() => this.doors.delete(key))
    return found
  }
}
