import type { EntryName, EntryTemplate, EntryValue } from '../../domain/points/activity'
import type { MemberId } from '../../domain/shared/ids'
import { type ConnectionPlan, connectionPlan, connectionText } from '../shared/connection-text'
import { globalIdsOf } from '../shared/global-id'
import { JsonText } from '../shared/json-text'
import type { Splice } from '../shared/splice'
import { type ActivityArgs, activityCursors, activityRequest } from './activity-page'
import type { CoreLoaders } from './loaders'

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

/** `Member.activities` from the text that PostgreSQL makes: of a long list nothing but text passes through here. */
export const activitiesText: Splice<
  { readonly id: MemberId },
  ActivityArgs,
  CoreLoaders,
  ConnectionPlan<EntryPart>
> = {
  plan: (selection) => connectionPlan(selection, FIELDS, CURSOR),
  async resolve({ id }, args, { loaders }, { page, row }) {
    const request = activityRequest(args)
    const loader = args.orderBy === 'OLDEST' ? loaders.oldestActivityTexts : loaders.activityTexts
    const written = await loader.load({ memberId: id, ...request, template: row })
    return new JsonText(connectionText(page, written, request, activityCursors.encode))
  },
}
