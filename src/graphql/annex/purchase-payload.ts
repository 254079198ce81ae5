import { type ClassType, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql'
import type { Member } from '../../domain/members/member'
import type { AccountStatement } from '../../domain/points/ledger'
import { type Points, ZERO_POINTS } from '../../domain/shared/points'
import type { TierMove } from '../../domain/tiers/settle-standing'
import { PointsScalar } from '../shared/scalars'
import { UserError } from '../shared/user-error.type'
import { Member as MemberType } from './member.type'

/** Whose purchase was made or changed, and how the member stands after it. */
export interface PurchaseDone {
  readonly member: Member
  readonly statement: Pick<AccountStatement, 'available' | 'pending'> | null
  readonly tier: TierMove
}

type Payload = Partial<PurchaseDone> & { readonly userErrors: readonly UserError[] }

export function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class PayloadType {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]
  }
  return PayloadType
}

/** The fields that tell how the member stands; each kind of purchase adds its own. */
export function standingResolver(type: ClassType) {
  @Resolver(() => type)
  class StandingResolver {
    @FieldResolver(() => MemberType, {
      nullable: true,
      description: 'Whose it is; null when refused. As stored: of a dry run, the member as before.',
    })
    member(@Root() { member }: Payload) {
      return member ? { id: member.id } : null
    }

    @FieldResolver(() => PointsScalar, {
      nullable: true,
      description: 'Points that the member can spend after it; null when refused.',
    })
    available(@Root() { member, statement }: Payload): Points | null {
      return member ? (statement?.available ?? ZERO_POINTS) : null
    }

    @FieldResolver(() => PointsScalar, {
      nullable: true,
      description: 'Points of the member that wait after it; null when refused.',
    })
    pending(@Root() { member, statement }: Payload): Points | null {
      return member ? (statement?.pending ?? ZERO_POINTS) : null
    }

    @FieldResolver(() => String, {
      nullable: true,
      description: "The member's tier after it, by name; null: in none, or refused.",
    })
    tierName(@Root() { tier }: Payload) {
      return tier?.after?.name ?? null
    }
  }
  return StandingResolver
}
