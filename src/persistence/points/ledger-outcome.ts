import { MemberNotFound } from '../../domain/members/errors'
import {
  AlreadyAwarded,
  AwardNotFound,
  ExpiryNotAfterAward,
  HoldNotFound,
  IdempotencyKeyReused,
  InsufficientPoints,
  InvalidIdempotencyKey,
  ReversalExceedsAward,
} from '../../domain/points/errors'
import type { LedgerRequest, Movement, TransferCommand } from '../../domain/points/ledger'
import { ProgramNotFound } from '../../domain/programs/errors'
import { InvalidIdentifier, InvalidPoints } from '../../domain/shared/errors'
import type { AccountId } from '../../domain/shared/ids'
import { formatPoints, type Points, sumPoints, ZERO_POINTS } from '../../domain/shared/points'
import { pointsOf } from '../columns'

/** `ledger_outcome_v1`: what a verb did, or why it did not. */
export interface OutcomeRow {
  readonly status: string
  readonly account_id: string
  readonly seq: string | null
  readonly moved: string
  readonly shortfall: string
  readonly available: string
  readonly pending: string
  readonly held: string
  readonly lifetime: string
  readonly line_ref: string | null
  readonly ceiling: string | null
  readonly replayed: boolean
}

/** The movement that was made, now or when it was first asked for. */
export const toMovement = (outcome: OutcomeRow): Movement => ({
  accountId: outcome.account_id as AccountId,
  seq: outcome.seq,
  moved: pointsOf(outcome.moved),
  shortfall: pointsOf(outcome.shortfall),
  balance: {
    available: pointsOf(outcome.available),
    pending: pointsOf(outcome.pending),
    held: pointsOf(outcome.held),
    lifetime: pointsOf(outcome.lifetime),
  },
  replayed: outcome.replayed,
})

/** The refusal in the domain's words; null when there is none. */
export function refusalOf(outcome: OutcomeRow, asked: LedgerRequest): Error | null {
  const { command } = asked
  switch (outcome.status) {
    case 'DONE':
      return null
    case 'INSUFFICIENT_POINTS':
      return new InsufficientPoints(pointsOf(outcome.available), pointsAsked(asked))
    case 'HOLD_EXCEEDED':
      return new InsufficientPoints(pointsOf(outcome.ceiling ?? '0'), pointsAsked(asked))
    case 'INVALID_POINTS':
      return new InvalidPoints(formatPoints(pointsAsked(asked)))
    case 'EXPIRY_NOT_AFTER_AWARD':
      return new ExpiryNotAfterAward()
    case 'INVALID_IDEMPOTENCY_KEY':
      return new InvalidIdempotencyKey()
    case 'IDEMPOTENCY_KEY_REUSED':
      return new IdempotencyKeyReused(command.idempotency?.key ?? '')
    case 'MEMBER_NOT_FOUND':
      return new MemberNotFound({ type: 'id', value: command.account.holder.id })
    case 'PROGRAM_NOT_FOUND':
      return new ProgramNotFound(command.account.programId)
    default:
      return (
        refusalOfVerb(outcome, asked) ?? new Error(`the ledger answered ${outcome.status} to ${asked.verb}`)
      )
  }
}

function refusalOfVerb(outcome: OutcomeRow, { verb, command }: LedgerRequest): Error | null {
  const { status } = outcome
  if ((verb === 'award' || verb === 'reverse') && status === 'ALREADY_AWARDED')
    return new AlreadyAwarded(command.source)
  if ((verb === 'reverse' || verb === 'schedule') && status === 'AWARD_NOT_FOUND')
    return new AwardNotFound(command.source)
  if (verb === 'reverse' && status === 'REVERSAL_EXCEEDS_AWARD') {
    const asked = command.lines.find(({ lineRef }) => lineRef === outcome.line_ref)?.cumulative ?? ZERO_POINTS
    return new ReversalExceedsAward(outcome.line_ref ?? '', pointsOf(outcome.ceiling ?? '0'), asked)
  }
  if ((verb === 'capture' || verb === 'release') && status === 'HOLD_NOT_FOUND')
    return new HoldNotFound(command.hold)
  if (verb === 'transfer' && status === 'RECIPIENT_NOT_FOUND') {
    return new MemberNotFound({ type: 'recipient', value: command.to.id })
  }
  if (verb === 'transfer' && status === 'ALREADY_TRANSFERRED') return alreadyTransferred(command)
  if (verb === 'transfer' && status === 'SAME_ACCOUNT')
    return new InvalidIdentifier('recipient', command.to.id)
  return null
}

/** Its id is the natural key of a transfer, for ever. */
export const alreadyTransferred = ({ transferId }: TransferCommand): AlreadyAwarded =>
  new AlreadyAwarded({ type: 'transfer', ref: transferId })

/** How many points a command is about, for a refusal that names them. */
export function pointsAsked({ verb, command }: LedgerRequest): Points {
  if (verb === 'award') return sumPoints(command.lines.map(({ points }) => points))
  if (verb === 'reverse') return sumPoints(command.lines.map(({ cumulative }) => cumulative))
  if (verb === 'schedule') return sumPoints(command.lines.map(({ waiting }) => waiting))
  return command.points ?? ZERO_POINTS
}
