import type { AuditQuery, AuditRecord } from '../../domain/programs/audit'
import { AdminFault } from './fault'

const MOST = 200

/** `GET /admin/audit?tenant=&before=&limit=`: what administrators changed, newest first; `next` is the following page's `before`. */
export async function auditPage(
  store: { auditTrail(query: AuditQuery): Promise<readonly AuditRecord[]> },
  query: URLSearchParams,
): Promise<{ entries: readonly AuditRecord[]; next: string | null }> {
  const limit = numberIn(query, 'limit') ?? 50
  if (limit < 1 || limit > MOST) throw invalid(`limit must be a number from 1 to ${MOST}`)
  const before = numberIn(query, 'before')
  const entries = await store.auditTrail({
    tenant: query.get('tenant'),
    before: before === null ? null : String(before),
    limit,
  })
  return { entries, next: entries.length === limit ? (entries.at(-1)?.id ?? null) : null }
}

function numberIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^\d{1,15}$/.test(text)) throw invalid(`${name} must be a number`)
  return Number(text)
}

const invalid = (message: string): AdminFault => new AdminFault(400, 'INVALID_BODY', message)
