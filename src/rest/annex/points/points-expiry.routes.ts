import type { DateTime } from 'luxon'
import { MemberNotFound } from '../../../domain/members/errors'
import {
  blocksOf,
  LAPSE_BLOCKS,
  type Lapse,
  type LapseBlock,
  type LapseBlockKind,
} from '../../../domain/points/lapses'
import { movedNow, walletOf } from '../../../domain/points/wallet'
import type { Instant } from '../../../domain/shared/instant'
import { type Points, ZERO_POINTS } from '../../../domain/shared/points'
import type { Writable } from '../../shared/json'
import { invalid, missing } from '../errors'
import { memberKey } from '../members'
import { pageOf, PAGE_SIZE, pagesOf } from '../paging'
import type { AnnexEndpoint } from '../routes'
import { instantFrom, toPointsNumber, toTimestamp } from '../values'
import type { Answer } from '../../shared/openapi'
import type { POINTS_EXPIRY } from './points.answers'

/** `GET /pointsexpiry/{memberId}`: what lapses in a span of time, by week, month, quarter or year (contract, section 7). */
export const getPointsExpiry: AnnexEndpoint = {
  method: 'GET',
  path: '/pointsexpiry/:memberId',
  operation: 'getPointsExpiry',
  async answer({ deps: { stores }, caller, request }) {
    const { tenant, program, siteId } = caller
    const { from, to, kind, page } = spanOf(request.query)
    const key = memberKey(request.params['memberId'] ?? '')
    const found = await stores.members.findInProgram(tenant.id, key, program.id)
    if (!found) throw new MemberNotFound(key)
    const wallet = walletOf(tenant, found.member.id, program)
    const lapses = await stores.accounts.lapses(wallet, from, to, movedNow(tenant))
    return toPointsExpiry(
      { siteId, id: key.value, kind, page },
      blocksOf(lapses, kind, tenant.setup.timeZone),
    )
  },
}

const REQUIRED = ['start_date', 'end_date', 'aggregate_by', 'page'] as const

interface Span {
  readonly from: Instant
  readonly to: Instant
  readonly kind: LapseBlockKind
  readonly page: number
}

/** The four filters. Throws AC1004 for one that is missing, AC1007 for one that is not valid, or an end before the start. */
function spanOf(query: URLSearchParams): Span {
  const absent = REQUIRED.filter((name) => !query.get(name)?.trim())
  if (absent.length > 0) throw missing(absent)
  const from = instantIn(query, 'start_date')
  const to = instantIn(query, 'end_date')
  const word = query.get('aggregate_by')?.trim().toLowerCase()
  const kind = LAPSE_BLOCKS.find((one) => one === word)
  const page = pageOf(query)
  const wrong = [
    ...(from ? [] : ['start_date']),
    ...(to && (!from || Date.parse(from) <= Date.parse(to)) ? [] : ['end_date']),
    ...(kind ? [] : ['aggregate_by']),
    ...(page === null ? ['page'] : []),
  ]
  if (!from || !to || !kind || page === null || wrong.length > 0) throw invalid(wrong)
  return { from, to, kind, page }
}

/** A raw plus in a query decodes to a blank: read as the plus that was meant (contract, section 5). */
const instantIn = (query: URLSearchParams, name: string): Instant | null =>
  instantFrom((query.get(name) ?? '').trim().replace(' ', '+'))?.at ?? null

function toPointsExpiry(
  { siteId, id, kind, page }: { siteId: string; id: string; kind: LapseBlockKind; page: number },
  blocks: readonly LapseBlock[],
): Answer<typeof POINTS_EXPIRY> {
  const shown = blocks.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  return {
    siteId,
    id,
    expiryDetail: shown.map((block) => ({
      date: labelOf(block.start, kind),
      pointsActivity: [toActivity(block)],
    })),
    // The reference prints the first block here, too (contract, section 11, 5).
    pointsActivity: toActivity(shown[0]),
    pages: pagesOf(blocks.length),
    currentPage: page,
    totalExpiryDetailCount: blocks.length,
  }
}

const toActivity = (
  block: Pick<Lapse, 'toLapse' | 'lapsed'> & { readonly firstAt?: Instant } = NOTHING,
): Writable => ({
  points: toPointsNumber((block.toLapse + block.lapsed) as Points),
  expiryDate: block.firstAt ? toTimestamp(block.firstAt) : undefined,
  totalPointsToExpire: toPointsNumber(block.toLapse),
  totalPointsExpired: toPointsNumber(block.lapsed),
})

const NOTHING = { toLapse: ZERO_POINTS, lapsed: ZERO_POINTS }

const LABELS: Record<LapseBlockKind, (start: DateTime) => string> = {
  week: (start) => start.toFormat("kkkk-'W'WW"),
  month: (start) => start.toFormat('yyyy-MM'),
  quarter: (start) => start.toFormat("yyyy-'Q'q"),
  year: (start) => start.toFormat('yyyy'),
}

const labelOf = (start: DateTime, kind: LapseBlockKind): string => LABELS[kind](start)
