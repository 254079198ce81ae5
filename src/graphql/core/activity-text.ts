import type { GraphQLResolveInfo } from 'graphql'
import type { Member } from '../../domain/members/member'
import type { MemberPageRequest } from '../../domain/members/member-store'
import type { EntryName, EntryTemplate, EntryValue } from '../../domain/points/activity'
import { MAIN_CURRENCY } from '../../domain/points/ledger'
import type { MemberId } from '../../domain/shared/ids'
import type { Page } from '../../domain/shared/pages'
import { type ConnectionPlan, connectionPlan, connectionText } from '../shared/connection-text'
import { globalIdsOf } from '../shared/global-id'
import { JsonText } from '../shared/json-text'
import { type Splice, spliceAhead } from '../shared/splice'
import { type ActivityArgs, activityCursors, activityRequest } from './activity-page'
import type { WrittenJournal } from './journals-ahead'
import type { CoreContext, CoreLoaders } from './loaders'

type EntryPart = Exclude<EntryTemplate[number], string>

const value = (name: EntryValue): EntryPart => ({ value: name })

/** The fields of a PointsActivity that its row says by itself. What leads on (purchase, sources, …) is not among them. */
const FIELDS: Readonly<Record<string, EntryPart>> = {
  id: { of: 'key', after: globalIdsOf('PointsActivity') },
  points: value('change'),
  ...Object.fromEntries(
    (
      [
        'kind',
        'available',
        'pending',
        'held',
        'availableAfter',
        'actionId',
        'reason',
        'occurredAt',
        'recordedAt',
      ] as const
    ).map((name) => [name, value(name)]),
  ),
}

const CURSOR: EntryName = { of: 'position', after: activityCursors.prefix }

type JournalPlan = ConnectionPlan<EntryPart>

/** `Member.activities` from the text that PostgreSQL makes: of a long list nothing but text passes through here. */
export const activitiesText: Splice<{ readonly id: MemberId }, ActivityArgs, CoreLoaders, JournalPlan> = {
  plan: (selection) => connectionPlan(selection, FIELDS, CURSOR),
  ahead: { members: [['nodes'], ['edges', 'node']], member: [[]] },
  async resolve({ id }, args, { loaders }, { page, row }) {
    const request = activityRequest(args)
    const isOldest = args.orderBy === 'OLDEST'
    const asked = { ...request, template: row }
    const written =
      (isOldest || request.only ? null : loaders.journalsAhead.of(id, asked)) ??
      (await loaders[isOldest ? 'oldestActivityTexts' : 'activityTexts'].load({ memberId: id, ...asked }))
    return new JsonText(connectionText(page, written, request, activityCursors.encode))
  },
}

/**
 * A page of members; where each one's newest entries are asked for as text they are read with it, in one statement, and
 * wait in the loaders for who resolves them.
 */
export async function membersWithJournals(
  { stores, caller, loaders }: CoreContext,
  asked: Omit<MemberPageRequest, 'programId'>,
  info: GraphQLResolveInfo,
): Promise<Page<Member>> {
  const { id, setup } = caller.tenant
  const programId = setup.defaultProgram.id
  const request = { ...asked, programId }
  const journal = journalAhead(info)
  if (!journal) return stores.members.page(id, request)
  const page = await stores.activities.pageWithMembers(id, request, {
    ...journal,
    programId,
    currency: MAIN_CURRENCY,
  })
  loaders.journalsAhead.put(page, journal)
  return page
}

/** Null: nobody asks, or not for the newest of all; or the question is to be refused where it is asked. */
function journalAhead(info: GraphQLResolveInfo): WrittenJournal | null {
  try {
    const asked = spliceAhead<ActivityArgs, JournalPlan>(info)
    if (!asked || asked.args.orderBy === 'OLDEST') return null
    const { first, after, only } = activityRequest(asked.args)
    return only ? null : { first, after, template: asked.plan.row }
  } catch {
    return null
  }
}

/** Whether `membersWithJournals` would read more than members. */
export const isJournalAhead = (info: GraphQLResolveInfo): boolean => journalAhead(info) !== null
