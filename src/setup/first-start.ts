import { readFile } from 'node:fs/promises'
import type { LoyaltyDeps } from '../domain/loyalty'
import { tenantAt } from '../domain/programs/tenant'
import { present } from '../domain/shared/present'
import { applySetup } from './apply-setup'
import { makeDemoHistory } from './demo-history'
import { readDocument } from './read-document'
import { type Problem, SetupRefused } from './problems'
import { resetSandbox } from './sandbox'
import { setupSchema, type TenantDocument } from './schema'

const DONE = 'first start'

/**
 * Gives a new embedded database the setup file, and its sandboxes the past that the file asks for. Done once; a first
 * start that was broken off is done again from the beginning, in the same order, and what it had booked is not booked twice.
 */
export async function prepareFirstStart(
  deps: LoyaltyDeps,
  setupFile: string | null,
  progress: (done: number, total: number) => void,
): Promise<void> {
  if (await deps.unitOfWork.run((stores) => stores.setup.audited(DONE))) return
  if (setupFile !== null) await applyFile(deps, setupFile, progress)
  await deps.unitOfWork.run((stores) =>
    stores.setup.audit({
      tenantId: null,
      actor: 'server',
      action: DONE,
      details: { setupFile: setupFile !== null },
    }),
  )
}

async function applyFile(
  deps: LoyaltyDeps,
  file: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const document = await appliedDocument(deps, file)
  for (const tenant of setupSchema.parse(document).tenants) await past(deps, tenant, progress)
}

/** Throws SetupRefused that names the file: whoever starts a server does not know which one it reads. */
async function appliedDocument(deps: LoyaltyDeps, file: string): Promise<unknown> {
  try {
    const document = readDocument(await readFile(file, 'utf8'))
    await applySetup(deps, document, { prune: false, actor: DONE })
    return document
  } catch (error) {
    const of = (problems: readonly Problem[]) =>
      new SetupRefused([{ path: '', message: `SETUP_FILE ${file}:` }, ...problems])
    if (error instanceof SetupRefused) throw of(error.problems)
    if (error instanceof Error && 'code' in error && 'path' in error)
      throw of([{ path: '', message: error.message }])
    throw error
  }
}

async function past(
  deps: LoyaltyDeps,
  document: TenantDocument,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const { key, demoHistory, capillary } = document
  const till = capillary?.tills[0]
  if (!demoHistory || !till) return
  // A first start that was broken off left half a past: begin anew.
  await resetSandbox(deps, key, DONE)
  const scene = await deps.unitOfWork.run(async (stores) => {
    const head = present(await stores.tenants.headByKey(key), `tenant ${key}`)
    const setup = await stores.tenants.setup(head.tenantId, head.setupVersion)
    return {
      tenant: tenantAt(setup, head, deps.clock),
      till: present(await stores.shops.tillByCode(head.tenantId, till.code), `till ${till.code}`),
    }
  })
  await makeDemoHistory(deps, scene.tenant, scene.till, demoHistory, progress)
}
