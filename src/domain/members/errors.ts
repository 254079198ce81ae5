import type { MemberId } from '../shared/ids'
import { LoyaltyError } from '../shared/errors'
import type { MemberStatus } from './member'

/** Nobody in this tenant answers to the identity; another tenant's member is just as absent. */
export class MemberNotFound extends LoyaltyError {
  readonly code = 'MEMBER_NOT_FOUND'
  constructor(readonly identity: { readonly type: string; readonly value: string }) {
    super('no member has this identity')
  }
}

export class IdentityTaken extends LoyaltyError {
  readonly code = 'IDENTITY_TAKEN'
  constructor(readonly type: string) {
    super(`the ${type} belongs to another member`)
  }
}

/** The identity has been registered in this very source. */
export class AlreadyRegistered extends LoyaltyError {
  readonly code = 'ALREADY_REGISTERED'
  constructor(readonly type: string) {
    super(`the ${type} is registered`)
  }
}

const STATUS_REFUSALS = {
  BLOCKED: { code: 'MEMBER_BLOCKED', text: 'is blocked' },
  FRAUD: { code: 'MEMBER_FRAUD', text: 'is marked as fraud' },
  OPTED_OUT: { code: 'MEMBER_OPTED_OUT', text: 'has opted out' },
  INACTIVE: { code: 'MEMBER_INACTIVE', text: 'is not active' },
} as const satisfies Record<Exclude<MemberStatus, 'ACTIVE'>, { code: string; text: string }>

/** The member may neither earn nor redeem, and the code says why. */
export class MemberMayNotAct extends LoyaltyError {
  readonly code: (typeof STATUS_REFUSALS)[keyof typeof STATUS_REFUSALS]['code']
  constructor(
    readonly memberId: MemberId,
    readonly status: Exclude<MemberStatus, 'ACTIVE'>,
  ) {
    super(`the member ${STATUS_REFUSALS[status].text}`)
    this.code = STATUS_REFUSALS[status].code
  }
}

/** Refuses for a member who may neither earn nor redeem. Throws MemberMayNotAct. */
export function assertMayAct({ id, status }: { readonly id: MemberId; readonly status: MemberStatus }): void {
  if (status !== 'ACTIVE') throw new MemberMayNotAct(id, status)
}
