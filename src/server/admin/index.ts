import { createHash, timingSafeEqual } from 'node:crypto'
import type { LoyaltyDeps } from '../../domain/loyalty'
import type { ChangeOrigin } from '../../domain/programs/audit'
import type { SetupStore } from '../../domain/programs/setup-definition'
import { Busy, LoyaltyError, Unavailable } from '../../domain/shared/errors'
import { HttpFault, type HttpReply, type HttpRequest, type Route, type Vendor } from '../../rest/shared/route'
import { applySetup } from '../../setup/apply-setup'
import { exportSetup } from '../../setup/export-setup'
import { SetupRefused } from '../../setup/problems'
import { readDocument } from '../../setup/read-document'
import { moveClock, resetSandbox } from '../../setup/sandbox'
import { setupJsonSchema } from '../../setup/schema'
import { auditPage } from './audit'
import { parseClockMove } from './clock-move'
import { drain, type Drainable } from './drain'
import { AdminFault } from './fault'

export interface AdminParts {
  readonly deps: LoyaltyDeps
  /** Reads on the pool. */
  readonly setup: Pick<SetupStore, 'export' | 'auditTrail'>
  readonly background: Drainable
  /** Null: every route answers 404, as if there were no admin. */
  readonly apiKey: string | null
}

const ACTOR = 'admin'
/** About a second of one core, in which nobody else is answered. */
const YAML_LIMITS = { tokens: 120_000 }
/** Up to half a minute of work; what a document does not mention stays, so that a longer one can come in parts. */
const SETUP_LIMITS = { tenants: 100, secrets: 200, people: 10_000 }

/** `/admin`: the setup document, and the clock and reset of sandboxes. One key opens all of it. */
export function createAdmin({ deps, setup, background, apiKey }: AdminParts): Vendor {
  return {
    name: 'admin',
    prefix: ['/admin'],
    routes: apiKey === null ? [] : routesOf(deps, setup, background).map((route) => guarded(route, apiKey)),
    notFound: () => refusal(404, 'NOT_FOUND', 'there is no such admin route'),
    methodNotAllowed: (_request, allowed) =>
      refusal(405, 'METHOD_NOT_ALLOWED', `use ${allowed.join(' or ')}`),
    failed,
  }
}

const guarded = (route: Route, apiKey: string): Route => ({
  ...route,
  async handle(request) {
    assertKey(request, apiKey)
    return route.handle(request)
  },
})

const routesOf = (deps: LoyaltyDeps, setup: AdminParts['setup'], background: Drainable): readonly Route[] => [
  {
    method: 'POST',
    path: '/admin/jobs/drain',
    operation: 'admin.drainJobs',
    handle: async ({ rawBody }) => ok(await drain(textOf(rawBody), background)),
  },
  {
    method: 'PUT',
    path: '/admin/setup',
    operation: 'admin.applySetup',
    handle: async (request) => {
      const document = readDocument(textOf(request.rawBody), YAML_LIMITS)
      const prune = request.query.get('prune') === 'true'
      return ok({
        changes: await applySetup(deps, document, {
          prune,
          actor: ACTOR,
          origin: originOf(request),
          limits: SETUP_LIMITS,
        }),
      })
    },
  },
  {
    method: 'GET',
    path: '/admin/setup',
    operation: 'admin.exportSetup',
    handle: async () => ok(await exportSetup(setup)),
  },
  {
    method: 'GET',
    path: '/admin/audit',
    operation: 'admin.audit',
    handle: async ({ query }) => ok(await auditPage(setup, query)),
  },
  {
    method: 'GET',
    path: '/admin/setup/schema',
    operation: 'admin.setupSchema',
    handle: () => Promise.resolve(ok(setupJsonSchema())),
  },
  {
    method: 'POST',
    path: '/admin/tenants/:tenant/clock',
    operation: 'admin.moveClock',
    handle: async (request) => {
      const { params, rawBody } = request
      const move = parseClockMove(textOf(rawBody))
      const now = await moveClock(deps, tenantIn(params), move, ACTOR, originOf(request))
      return ok({ tenant: params['tenant'], now })
    },
  },
  {
    method: 'POST',
    path: '/admin/tenants/:tenant/reset',
    operation: 'admin.resetSandbox',
    handle: async (request) => {
      const { params } = request
      const reset = await resetSandbox(deps, tenantIn(params), ACTOR, originOf(request))
      return ok({ tenant: params['tenant'], ...reset })
    },
  },
]

/** Why, in the words of whoever makes the change: the header X-Change-Reason. */
const originOf = ({ requestId, headers }: HttpRequest): ChangeOrigin => ({
  requestId,
  reason: headers['x-change-reason']?.slice(0, 500) ?? null,
})

const tenantIn = (params: Readonly<Record<string, string>>): string => params['tenant'] ?? ''

const ok = (body: object): HttpReply => ({ status: 200, body })
const refusal = (status: number, code: string, message: string, problems?: readonly object[]): HttpReply => ({
  status,
  body: { error: { code, message, ...(problems ? { problems } : {}) } },
})

function assertKey({ headers }: HttpRequest, apiKey: string): void {
  const given = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
  if (given === undefined || !timingSafeEqual(digest(given), digest(apiKey))) {
    throw new AdminFault(401, 'UNAUTHENTICATED', 'send Authorization: Bearer <ADMIN_API_KEY>')
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function textOf(bytes: Buffer): string {
  const text = decoded(bytes)
  if (text.includes('\0')) throw new AdminFault(400, 'INVALID_BODY', 'the body contains a NUL character')
  return text
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AdminFault(400, 'INVALID_BODY', 'the body is not UTF-8')
  }
}

function failed(error: unknown): HttpReply {
  if (error instanceof AdminFault) return refusal(error.status, error.code, error.message)
  if (error instanceof HttpFault) return refusal(error.status, error.reason, error.message)
  if (error instanceof SetupRefused) {
    return refusal(
      400,
      'SETUP_REFUSED',
      `${error.problems.length} problems; nothing was applied`,
      error.problems,
    )
  }
  if (error instanceof Busy || error instanceof Unavailable)
    return refusal(503, 'SERVICE_UNAVAILABLE', error.message)
  if (error instanceof LoyaltyError) return refusal(STATUS[error.code] ?? 400, error.code, error.message)
  return refusal(500, 'INTERNAL_ERROR', 'the request failed; the log says more under its request id')
}

const STATUS: Readonly<Record<string, number>> = { TENANT_NOT_FOUND: 404, NOT_A_SANDBOX: 403 }
