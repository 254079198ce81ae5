import type { TenantStore } from '../../domain/programs/tenant-store'
import type { Backlog } from '../../domain/shared/job-queue'
import { KEY } from '../../setup/schema'
import { parseObject } from './clock-move'
import { AdminFault } from './fault'

const LONGEST_SECONDS = 25
const PAUSE_MILLIS = 50

/** What draining needs of the background work. */
export interface Drainable {
  readonly tenants: Pick<TenantStore, 'headByKey'>
  readonly backlog: Backlog
  /** Does a little of the work now instead of waiting for its turn. */
  work(): Promise<void>
}

/**
 * `{"tenant": key, "timeoutSeconds": seconds}`: does the tenant's background work until none is left or the time is up,
 * and answers how much is left.
 */
export async function drain(text: string, background: Drainable): Promise<{ remaining: number }> {
  const { tenant, timeoutSeconds = 20 } = parseObject(text)
  if (typeof tenant !== 'string') throw invalid('tenant must be the key of a tenant')
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds >= 0 && timeoutSeconds <= LONGEST_SECONDS)) {
    throw invalid(`timeoutSeconds must be a number from 0 to ${LONGEST_SECONDS}`)
  }
  // What cannot be a key is not looked up: the database takes no NUL character.
  const head = KEY.test(tenant) ? await background.tenants.headByKey(tenant) : null
  if (!head) throw new AdminFault(404, 'TENANT_NOT_FOUND', 'there is no such tenant')
  for (const deadline = Date.now() + timeoutSeconds * 1000; ;) {
    await background.work()
    const remaining = await background.backlog.remaining(head.tenantId)
    if (remaining === 0 || Date.now() >= deadline) return { remaining }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS))
  }
}

const invalid = (message: string): AdminFault => new AdminFault(400, 'INVALID_BODY', message)
