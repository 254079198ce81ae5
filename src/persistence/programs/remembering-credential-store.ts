import type {
  ApiKeyCredential,
  CredentialStore,
  DoorSecrets,
  OauthClientCredential,
  TillCredential,
} from '../../domain/programs/credentials'

/** How long a credential is taken as it was read: what changes elsewhere is felt here this much later. */
const TRUST_MILLIS = 100
/** How long nothing is remembered after a change of our own, which may not have been committed yet. */
const DISTRUST_MILLIS = 2_000
/** More credentials than a process can be busy with at once. */
const MOST = 1_000

/**
 * Credentials that are remembered for a moment, so that a busy client is not looked up for each of its requests. A change through this process is felt at once, one through another after a tenth of a second. Of
 * how the moments are told apart only differences matter.
 */
export class RememberingCredentialStore implements CredentialStore {
  private readonly doors = new Moments<DoorSecrets>()
  private readonly apiKeys = new Moments<ApiKeyCredential>()
  private readonly tills = new Moments<TillCredential>()
  private readonly clients = new Moments<OauthClientCredential>()
  private distrustUntil = -Infinity

  constructor(
    private readonly store: CredentialStore,
    private readonly monotonicMillis: () => number,
  ) {}

  tillByCode(code: string): Promise<TillCredential | null> {
    return this.remembered(this.tills, code, () => this.store.tillByCode(code))
  }

  oauthClientByKey(key: string): Promise<OauthClientCredential | null> {
    return this.remembered(this.clients, key, () => this.store.oauthClientByKey(key))
  }

  apiKeyByHash(hash: string): Promise<ApiKeyCredential | null> {
    return this.remembered(this.apiKeys, hash, () => this.store.apiKeyByHash(hash))
  }

  secretsOfDoor(door: string, externalId: string): Promise<DoorSecrets | null> {
    return this.remembered(this.doors, `${door} ${externalId}`, () =>
      this.store.secretsOfDoor(door, externalId),
    )
  }

  /** Something of a setup, or a clock, is about to change through this process. */
  forget(): void {
    this.doors.clear()
    for (const moments of [this.apiKeys, this.tills, this.clients]) moments.clear()
    this.distrustUntil = this.monotonicMillis() + DISTRUST_MILLIS
  }

  private remembered<Found>(
    moments: Moments<Found>,
    key: string,
    read: () => Promise<Found | null>,
  ): Promise<Found | null> {
    const now = this.monotonicMillis()
    return now < this.distrustUntil ? read() : moments.at(now, key, read)
  }
}

/** What was found a moment ago. */
class Moments<Found> {
  private readonly known = new Map<string, { readonly found: Promise<Found | null>; readonly at: number }>()

  at(now: number, key: string, read: () => Promise<Found | null>): Promise<Found | null> {
    const known = this.known.get(key)
    if (known && now - known.at < TRUST_MILLIS) return known.found
    const found = read()
    if (this.known.size >= MOST) this.known.clear()
    const moment = { found, at: now }
    this.known.set(key, moment)
    const drop = (): void => {
      if (this.known.get(key) === moment) this.known.delete(key)
    }
    // An accident is nobody's credential, and what does not exist may at any moment: whoever comes next asks again.
    found.then((credential) => credential ?? drop(), drop)
    return found
  }

  clear(): void {
    this.known.clear()
  }
}
