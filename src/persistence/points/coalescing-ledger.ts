import type {
  AccountKey,
  AdjustCommand,
  AwardCommand,
  CaptureCommand,
  HoldCommand,
  LedgerAnswer,
  LedgerCommand,
  Movement,
  PointsLedger,
  RedeemCommand,
  ReleaseCommand,
  ReverseCommand,
  ScheduleCommand,
  TransferCommand,
} from '../../domain/points/ledger'
import { Busy } from '../../domain/shared/errors'

/** What waits while another batch of the same wallet is under way goes together in the next one. */
const LARGEST_BATCH = 32

/** How often a batch that had to give way is sent before its callers hear of it. */
const ATTEMPTS = 3

/**
 * For wallets that many call at once, such as a group's: one row is one commit at a time, so calls that would only wait
 * for each other share commits instead. A wallet that nobody else uses is called straight away. Only on the pool: in a
 * transaction of the caller's there is nothing to share.
 */
export class CoalescingLedger implements PointsLedger {
  private readonly queues = new Map<string, Waiting[]>()

  constructor(
    private readonly ledger: PointsLedger,
    /** Whether many call a wallet at once; the others are called straight away. */
    private readonly isHot: (account: AccountKey) => boolean = () => true,
  ) {}

  award(command: AwardCommand): Promise<Movement> {
    return this.enqueue({ verb: 'award', command })
  }
  redeem(command: RedeemCommand): Promise<Movement> {
    return this.enqueue({ verb: 'redeem', command })
  }
  reverse(command: ReverseCommand): Promise<Movement> {
    return this.enqueue({ verb: 'reverse', command })
  }
  hold(command: HoldCommand): Promise<Movement> {
    return this.enqueue({ verb: 'hold', command })
  }
  capture(command: CaptureCommand): Promise<Movement> {
    return this.enqueue({ verb: 'capture', command })
  }
  release(command: ReleaseCommand): Promise<Movement> {
    return this.enqueue({ verb: 'release', command })
  }
  transfer(command: TransferCommand): Promise<Movement> {
    return this.enqueue({ verb: 'transfer', command })
  }
  adjust(command: AdjustCommand): Promise<Movement> {
    return this.enqueue({ verb: 'adjust', command })
  }
  schedule(command: ScheduleCommand): Promise<Movement> {
    return this.ledger.schedule(command)
  }
  bulk(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    return this.ledger.bulk(commands)
  }

  private enqueue(asked: LedgerCommand): Promise<Movement> {
    if (!this.isHot(asked.command.account)) return straight(this.ledger, asked)
    return new Promise((resolve, reject) => {
      const wallet = nameOf(asked.command.account)
      const queue = this.queues.get(wallet)
      if (queue) {
        queue.push({ asked, resolve, reject })
        return
      }
      this.queues.set(wallet, [{ asked, resolve, reject }])
      void this.drain(wallet)
    })
  }

  private async drain(wallet: string): Promise<void> {
    for (;;) {
      const batch = this.queues.get(wallet)?.splice(0, LARGEST_BATCH) ?? []
      if (batch.length === 0) break
      await this.send(batch)
    }
    this.queues.delete(wallet)
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.bulkOf(batch.map(({ asked }) => asked))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index]
        if (answer?.movement) resolve(answer.movement)
        else reject(answer?.error ?? new Error('the ledger gave no answer'))
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error)
    }
  }

  /** What had to give way was rolled back whole, so it can be sent again. */
  private async bulkOf(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ledger.bulk(commands)
      } catch (error) {
        if (!(error instanceof Busy) || error.sqlState === '57014' || attempt === ATTEMPTS) throw error
        await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 90))
      }
    }
  }
}

/** One call, as it came. */
const straight = (ledger: PointsLedger, { verb, command }: LedgerCommand): Promise<Movement> =>
  (ledger[verb] as (command: unknown) => Promise<Movement>).call(ledger, command)

interface Waiting {
  readonly asked: LedgerCommand
  readonly resolve: (movement: Movement) => void
  readonly reject: (error: Error) => void
}

const nameOf = ({ tenantId, holder, programId, currency }: AccountKey): string =>
  [tenantId, holder.kind, holder.id, programId, currency].join(' ')
