import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import {
  type Allocation,
  type AwardSource,
  ENTRY_KINDS,
  type EntryKind,
  type PointsActivity,
} from '../../domain/points/activity'
import type { Points } from '../../domain/shared/points'
import type { Computed } from '../shared/build-subgraph'
import { connectionType } from '../shared/connection'
import { globalId } from '../shared/global-id'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { Node } from './node.type'
import { purchaseReference } from './purchase.type'

export const PointsActivityKind = Object.fromEntries(ENTRY_KINDS.map((kind) => [kind, kind])) as {
  [Kind in EntryKind]: Kind
}
registerEnumType(PointsActivityKind, {
  name: 'PointsActivityKind',
  description: 'What moved points.',
  valuesConfig: {
    AWARD: { description: 'Earned.' },
    MATURE: { description: 'Pending points became spendable.' },
    REDEEM: { description: 'Spent.' },
    REVERSE: { description: 'An award taken back, in whole or in part.' },
    EXPIRE: { description: 'Lapsed.' },
    HOLD: { description: 'Reserved.' },
    CAPTURE: { description: 'A reservation was spent.' },
    RELEASE: { description: 'A reservation was given back.' },
    TRANSFER_IN: { description: 'Came from another wallet.' },
    TRANSFER_OUT: { description: 'Went to another wallet.' },
    ADJUST: { description: 'Corrected by hand.' },
  },
})

@ObjectType('PointsSource', {
  simpleResolvers: true,
  description: 'Where awarded points came from: one purchase line and rule, one lot.',
})
export class PointsSourceType {
  @Field(() => String, {
    nullable: true,
    description: 'Number of the purchase line; null: the purchase or the award as a whole.',
  })
  readonly line!: string | null

  @Field(() => String, {
    description: 'The rule that earned them and the version of the setup it is of: "orders.ratio@3".',
  })
  readonly rule!: string

  @Field(() => PointsScalar, { description: 'How many it earned.' })
  readonly points!: Points

  @Field(() => PointsScalar, { description: 'How many of them have been taken back since.' })
  readonly reversed!: Points

  @Field(() => String, { description: 'The lot they went into: one per source, counted within the wallet.' })
  readonly lot!: string

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the lot lapses; null: never.' })
  readonly expiresAt!: AwardSource['expiresAt']
}

export const sourceFields: Computed<AwardSource> = {
  line: ({ lineRef }) => lineRef || null,
  lot: ({ lotNo }) => lotNo,
}

@ObjectType('PointsAllocation', {
  simpleResolvers: true,
  description: 'Which lot an entry took its points from.',
})
export class PointsAllocationType {
  @Field(() => String, { description: 'The lot, counted within the wallet.' })
  readonly lot!: string

  @Field(() => PointsScalar, { description: 'How many it gave, more than zero.' })
  readonly points!: Points
}

export const allocationFields: Computed<Allocation> = { lot: ({ lotNo }) => lotNo }

type Shown =
  | 'kind'
  | 'available'
  | 'pending'
  | 'held'
  | 'availableAfter'
  | 'actionId'
  | 'reason'
  | 'occurredAt'
  | 'recordedAt'

@ObjectType('PointsActivity', {
  implements: Node,
  simpleResolvers: true,
  description:
    "One entry of a wallet's journal. Entries are never changed; their changes add up to the balance.",
})
@Directive('@key(fields: "id")')
export class PointsActivityType implements Pick<PointsActivity, Shown> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => PointsActivityKind, { description: 'What moved points.' })
  readonly kind!: EntryKind

  @Field(() => PointsScalar, {
    description:
      'What the wallet gained or lost. Where points only moved within it (MATURE, HOLD, RELEASE): what became spendable, or stopped being so.',
  })
  readonly points!: Points

  @Field(() => PointsScalar, { description: 'Change of what is spendable.' })
  readonly available!: Points

  @Field(() => PointsScalar, { description: 'Change of what is pending.' })
  readonly pending!: Points

  @Field(() => PointsScalar, { description: 'Change of what is held.' })
  readonly held!: Points

  @Field(() => PointsScalar, { description: 'Spendable points after the entry.' })
  readonly availableAfter!: Points

  @Field(() => Int, {
    nullable: true,
    description: "The program's number of the action; null: none applies.",
  })
  readonly actionId!: number | null

  @Field(() => String, { nullable: true, description: 'For people; null: none was given.' })
  readonly reason!: string | null

  @Field(() => DateTimeScalar, { description: 'When it happened, in the words of whoever reported it.' })
  readonly occurredAt!: PointsActivity['occurredAt']

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  readonly recordedAt!: PointsActivity['recordedAt']
}

export const PointsActivityConnection = connectionType('PointsActivity', () => PointsActivityType)

/** An entry's key: its wallet and its number in it. */
export type ActivityKey = Pick<PointsActivity, 'accountId' | 'seq'>
export const activityId = ({ accountId, seq }: ActivityKey): string => `${accountId}.${seq}`

export const activityFields: Computed<PointsActivity> = {
  id: (row) => globalId('PointsActivity', activityId(row)),
  points({ available, pending, held }) {
    const change = available + pending + held
    return change === 0n ? available : change
  },
}

export const purchaseOf = ({
  purchaseKind,
  purchaseId,
}: Pick<PointsActivity, 'purchaseKind' | 'purchaseId'>) =>
  purchaseKind && purchaseId ? purchaseReference({ kind: purchaseKind, id: purchaseId }) : null
