import {
  AlreadyAwarded,
  AwardNotFound,
  ExpiryNotAfterAward,
  IdempotencyKeyReused,
  InsufficientPoints,
  InvalidIdempotencyKey,
  ReversalExceedsAward,
} from '../../domain/points/errors'
import type {
  AwardCommand,
  Movement,
  PointsLedger,
  PurchaseRef,
  RedeemCommand,
  ReverseCommand,
} from '../../domain/points/ledger'
import { MemberNotFound } from '../../domain/members/errors'
import { ProgramNotFound } from '../../domain/programs/errors'
import { InvalidPoints } from '../../domain/shared/errors'
import type { AccountId } from '../../domain/shared/ids'
import { formatPoints, type Points, sumPoints, ZERO_POINTS } from '../../domain/shared/points'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import { constraintOf } from '../sql-errors'

/** The money verbs: each one function of the database, called by a named statement. */
export class PostgresPointsLedger implements PointsLedger {
  constructor(private readonly connection: Connection) {}

  async award(command: AwardCommand): Promise<Movement> {
    const { source, lines } = command
    const outcome = await this.call(command, AWARD, [
      ...head(command, command.purchase),
      source.type,
      source.ref,
      lines.map(({ lineRef }) => lineRef),
      lines.map(({ points }) => points),
      lines.map(({ rule }) => rule),
      command.maturesAt,
      command.expiresAt,
      command.countsForLifetime,
    ])
    return accepted(outcome, { command, points: sumPoints(lines.map(({ points }) => points)), source })
  }

  async redeem(command: RedeemCommand): Promise<Movement> {
    const outcome = await this.call(command, REDEEM, [
      ...head(command, command.purchase),
      command.points,
      command.ref,
    ])
    return accepted(outcome, { command, points: command.points })
  }

  async reverse(command: ReverseCommand): Promise<Movement> {
    const { source, lines } = command
    const outcome = await this.call(command, REVERSE, [
      ...head(command, command.purchase),
      source.type,
      source.ref,
      lines.map(({ lineRef }) => lineRef),
      lines.map(({ cumulative }) => cumulative),
      command.maxDebt,
    ])
    const points = lines.find(({ lineRef }) => lineRef === outcome.line_ref)?.cumulative ?? ZERO_POINTS
    return accepted(outcome, { command, points, source })
  }

  private async call(command: Move, statement: Statement, values: readonly unknown[]): Promise<OutcomeRow> {
    try {
      const [outcome] = await this.connection.sql.rows<OutcomeRow>(statement, values)
      if (!outcome) throw new Error(`${statement.name} gave no answer`)
      return outcome
    } catch (error) {
      // Two accounts awarding one source at once: the lock of neither can see the other, the key can.
      if (constraintOf(error) === 'award_source_pkey' && 'source' in command)
        throw new AlreadyAwarded(command.source)
      throw error
    }
  }
}

type Move = AwardCommand | RedeemCommand | ReverseCommand

/** `ledger_outcome_v1`. */
interface OutcomeRow {
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

const KEY = 'row($1, $2, $3, $4, $5)::ledger_key_v1'
const CALL = 'row($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)::ledger_call_v1'
const verb = (name: string, parameters: string): Statement => ({
  name: `ledger-${name}`,
  text: `select * from ledger_${name}_v1(${KEY}, ${CALL}, ${parameters})`,
})
const AWARD = verb('award', '$18, $19, $20, $21, $22, $23, $24, $25')
const REDEEM = verb('redeem', '$18, $19')
const REVERSE = verb('reverse', '$18, $19, $20, $21, $22')

/** The values of KEY and CALL, in their order. */
function head(
  { account, facts, timeZone, now, idempotency }: Move,
  purchase: PurchaseRef | null,
): readonly unknown[] {
  return [
    account.tenantId,
    HOLDER_KINDS[account.holder.kind],
    account.holder.id,
    account.programId,
    account.currency,
    facts.actionId,
    facts.reason,
    facts.actor,
    facts.requestId,
    facts.occurredAt,
    purchase?.kind ?? null,
    purchase?.id ?? null,
    timeZone,
    now,
    idempotency?.scope ?? null,
    idempotency?.key ?? null,
    idempotency ? Buffer.from(idempotency.requestHash, 'hex') : null,
  ]
}

const HOLDER_KINDS = { MEMBER: 'M', GROUP: 'G' } as const

interface Asked {
  readonly command: Move
  readonly points: Points
  readonly source?: { readonly type: string; readonly ref: string }
}

/** The movement that was made, or the refusal that was answered, thrown. */
function accepted(outcome: OutcomeRow, asked: Asked): Movement {
  if (outcome.status !== 'DONE') throw refusal(outcome, asked)
  return {
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
  }
}

function refusal(outcome: OutcomeRow, { command, points, source }: Asked): Error {
  switch (outcome.status) {
    case 'INSUFFICIENT_POINTS':
      return new InsufficientPoints(pointsOf(outcome.available), points)
    case 'INVALID_POINTS':
      return new InvalidPoints(formatPoints(points))
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
  }
  if (source && outcome.status === 'ALREADY_AWARDED') return new AlreadyAwarded(source)
  if (source && outcome.status === 'AWARD_NOT_FOUND') return new AwardNotFound(source)
  if (outcome.status === 'REVERSAL_EXCEEDS_AWARD') {
    return new ReversalExceedsAward(outcome.line_ref ?? '', pointsOf(outcome.ceiling ?? '0'), points)
  }
  return new Error(`the ledger answered ${outcome.status}`)
}
