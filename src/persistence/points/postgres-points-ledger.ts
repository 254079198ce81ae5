import { AlreadyAwarded } from '../../domain/points/errors'
import type {
  AccountKey,
  AdjustCommand,
  AwardCommand,
  CaptureCommand,
  HoldCommand,
  LedgerAnswer,
  LedgerCommand,
  LedgerHousekeeping,
  LedgerRequest,
  Movement,
  PointsLedger,
  RedeemCommand,
  ReleaseCommand,
  ReverseCommand,
  ScheduleCommand,
  TransferCommand,
} from '../../domain/points/ledger'
import { Busy, InvalidPoints, LoyaltyError, Unavailable } from '../../domain/shared/errors'
import type { TenantId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import { formatPoints } from '../../domain/shared/points'
import type { Connection, Statement } from '../sql'
import { constraintOf, sqlState } from '../sql-errors'
import { alreadyTransferred, type OutcomeRow, pointsAsked, refusalOf, toMovement } from './ledger-outcome'
import { type LedgerWatch, unwatched } from './watch-ledger'
import { BULK, BULK_OF_FREE, columnsOf } from './bulk-columns'
import { callOf, HOLDER_KINDS, keyOf, parametersOf, STATEMENTS } from './ledger-parameters'

/** More in one commit gains little, and would hold the locks of many wallets for long. */
const CHUNK = 50

/** The money verbs: each one function of the database, called by a named statement. */
export class PostgresPointsLedger implements PointsLedger, LedgerHousekeeping {
  constructor(
    private readonly connection: Connection,
    private readonly watch: LedgerWatch = unwatched,
  ) {}

  award(command: AwardCommand): Promise<Movement> {
    return this.run({ verb: 'award', command })
  }
  redeem(command: RedeemCommand): Promise<Movement> {
    return this.run({ verb: 'redeem', command })
  }
  reverse(command: ReverseCommand): Promise<Movement> {
    return this.run({ verb: 'reverse', command })
  }
  hold(command: HoldCommand): Promise<Movement> {
    return this.run({ verb: 'hold', command })
  }
  capture(command: CaptureCommand): Promise<Movement> {
    return this.run({ verb: 'capture', command })
  }
  release(command: ReleaseCommand): Promise<Movement> {
    return this.run({ verb: 'release', command })
  }
  transfer(command: TransferCommand): Promise<Movement> {
    return this.run({ verb: 'transfer', command })
  }
  adjust(command: AdjustCommand): Promise<Movement> {
    return this.run({ verb: 'adjust', command })
  }
  schedule(command: ScheduleCommand): Promise<Movement> {
    return this.run({ verb: 'schedule', command })
  }

  async bulk(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    const answers: LedgerAnswer[] = []
    for (let start = 0; start < commands.length; start += CHUNK) {
      answers.push(...(await this.chunk(commands.slice(start, start + CHUNK))))
    }
    return answers
  }

  async sweep(limit: number, now: Instant | null): Promise<number> {
    const [wallets] = await this.connection.sql.rows<{ swept: number }>(SWEEP, [limit, now])
    const swept = wallets?.swept ?? 0
    if (swept >= limit) return swept
    // Tiers of who never had a point, and so no wallet that would be due.
    const [tiers] = await this.connection.sql.rows<{ swept: number }>(SWEEP_TIERS, [limit - swept, now])
    return swept + (tiers?.swept ?? 0)
  }

  async eraseHolder(tenant: TenantId, holder: AccountKey['holder'], now: Instant | null): Promise<number> {
    const values = [tenant, HOLDER_KINDS[holder.kind], holder.id, now]
    const [row] = await this.connection.sql.rows<{ erased: number }>(ERASE, values)
    return row?.erased ?? 0
  }

  private async run(asked: LedgerRequest): Promise<Movement> {
    const start = performance.now()
    const tell = (answer: LedgerAnswer) =>
      this.watch.answered(asked.verb, answer, (performance.now() - start) / 1000)
    try {
      const movement = await this.call(asked)
      tell({ movement, error: null })
      return movement
    } catch (error) {
      tell({ movement: null, error: error as Error })
      throw error
    }
  }

  private async call(asked: LedgerRequest): Promise<Movement> {
    const values = [
      ...Object.values(keyOf(asked.command.account)),
      ...Object.values(callOf(asked)),
      ...Object.values(parametersOf(asked)),
    ]
    try {
      const [outcome] = await this.connection.sql.rows<OutcomeRow>(STATEMENTS[asked.verb], values)
      return movementOf(outcome, asked)
    } catch (error) {
      throw inDomainWords(error, asked)
    }
  }

  /**
   * In one commit what can be done at once, and in another what had to wait for wallets that somebody else has: who waits
   * has no wallet in hand for which others would wait in turn. The items of a wallet keep their order.
   */
  private async chunk(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    const isPassing = this.connection.commitsEach && mayPass(commands)
    const answers = await this.together(isPassing ? BULK_OF_FREE : BULK, commands)
    const busy = commands.filter((_, index) => answers[index] === null)
    const waited = (busy.length === 0 ? [] : await this.together(BULK, busy)).values()
    return answers.flatMap((answer) => answer ?? waited.next().value ?? [])
  }

  /**
   * One commit; when something unexpected breaks it, one by one, so that only the item that broke it fails. Null for those
   * that were left alone.
   */
  private async together(
    statement: Statement,
    commands: readonly LedgerCommand[],
  ): Promise<readonly (LedgerAnswer | null)[]> {
    const start = performance.now()
    try {
      const outcomes = await this.connection.sql.rows<OutcomeRow>(statement, columnsOf(commands))
      const busy = new Set(outcomes.filter(isBusy).map(({ seq }) => Number(seq) - 1))
      const done = outcomes.slice(busy.size).values()
      const answers = commands.map((asked, index) =>
        busy.has(index) ? null : answerOf(() => movementOf(done.next().value, asked)),
      )
      const seconds = (performance.now() - start) / 1000
      for (const [index, answer] of answers.entries())
        if (answer) this.watch.answered(commands[index]?.verb ?? 'unknown', answer, seconds)
      return answers
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Busy) throw error
      return this.oneByOne(commands)
    }
  }

  private async oneByOne(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    const answers: LedgerAnswer[] = []
    for (const asked of commands) {
      const answer = await this.run(asked).then(
        (movement) => ({ movement, error: null }),
        (error: unknown) => ({ movement: null, error: error as Error }),
      )
      if (answer.error instanceof Unavailable) throw answer.error
      answers.push(answer)
    }
    return answers
  }
}

const SWEEP = { name: 'ledger-sweep', text: 'select ledger_sweep_v1($1, $2, null) as swept' }
const SWEEP_TIERS = {
  name: 'ledger-sweep-tiers',
  text: 'select ledger_sweep_tiers_v1($1, $2, null) as swept',
}
const ERASE = { name: 'ledger-erase', text: 'select ledger_erase_holder_v1($1, $2, $3, $4) as erased' }

const isBusy = ({ status }: OutcomeRow): boolean => status === 'BUSY'

/** A transfer has a second wallet; of a single wallet nothing could go on while it is waited for. */
const mayPass = (commands: readonly LedgerCommand[]): boolean =>
  commands.every(({ verb }) => verb !== 'transfer') &&
  commands.some(({ command }) => command.account.holder.id !== commands[0]?.command.account.holder.id)

function movementOf(outcome: OutcomeRow | undefined, asked: LedgerRequest): Movement {
  if (!outcome) throw new Error(`the ledger gave no answer to ${asked.verb}`)
  const refusal = refusalOf(outcome, asked)
  if (refusal) throw refusal
  return toMovement(outcome)
}

function answerOf(movement: () => Movement): LedgerAnswer {
  try {
    return { movement: movement(), error: null }
  } catch (error) {
    if (error instanceof LoyaltyError) return { movement: null, error }
    throw error
  }
}

const NUMERIC_VALUE_OUT_OF_RANGE = '22003'

export function inDomainWords(error: unknown, asked: LedgerRequest): unknown {
  // Two wallets awarded for one source at once: the lock of neither sees the other, the key does.
  if (asked.verb === 'award' && constraintOf(error) === 'award_source_pkey')
    return new AlreadyAwarded(asked.command.source)
  if (asked.verb === 'transfer' && constraintOf(error) === 'entry_transfer')
    return alreadyTransferred(asked.command)
  if (sqlState(error) === NUMERIC_VALUE_OUT_OF_RANGE)
    return new InvalidPoints(formatPoints(pointsAsked(asked)))
  return error
}
