import { Field, ID, InterfaceType } from 'type-graphql'
import type { Instant } from '../../domain/shared/instant'
import type { PurchaseStatus } from '../../domain/purchases/purchase'
import type { Points } from '../../domain/shared/points'
import { MoneyType } from '../shared/money.type'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { PurchaseStatusEnum } from '../shared/purchase-pages'
import { Member } from './member.type'

/** The same in the subgraph of every kind: same names, types and nullability, or a list of both kinds cannot be asked. */
@InterfaceType('Purchase', { description: 'Something a member bought, whatever door it came through.' })
export abstract class Purchase {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => DateTimeScalar, { description: 'When it was bought.' })
  readonly purchasedAt!: Instant

  @Field(() => MoneyType, { description: 'What it came to.' })
  readonly total!: MoneyType

  @Field(() => PointsScalar, { description: 'Points it was awarded, before any return.' })
  readonly points!: Points

  @Field(() => PurchaseStatusEnum, { description: 'How far it has come.' })
  readonly status!: PurchaseStatus

  @Field(() => Member, { nullable: true, description: 'Who bought it; null: nobody known.' })
  readonly member!: object | null
}
