import type { IssuanceStore } from './issuances/issuance'
import type { GroupStore } from './members/group'
import type { MemberStore } from './members/member-store'
import type { OrderStore } from './orders/order'
import type { AllowanceStore } from './points/allowance'
import type { BookingDesk } from './points/booking-desk'
import type { PointsLedger, PointsReader } from './points/ledger'
import type { RedemptionStore } from './points/redemption'
import type { LotReader } from './points/lots'
import type { PointsRequestStore } from './points/points-request'
import type { WalletOutlook } from './points/wallet-outlook'
import type { RewardCodeStore } from './points/reward-codes'
import type { ActivityStore } from './points/activity'
import type { SourceAwardStore } from './points/source-awards'
import type { SetupStore } from './programs/setup-definition'
import type { StoreStore } from './programs/store'
import type { RequestLog } from './shared/request-log'
import type { TenantStore } from './programs/tenant-store'
import type { PurchaseStore } from './purchases/purchase'
import type { JobQueue } from './shared/job-queue'
import type { TierStore } from './tiers/tier'
import type { TierHistoryStore } from './tiers/tier-history'
import type { TransactionChangeStore } from './transactions/transaction-changes'
import type { TransactionStore } from './transactions/transaction-store'

/** Everything a use case may touch, bound to one database connection or to the pool. */
export interface Stores {
  readonly tenants: TenantStore
  readonly setup: SetupStore
  readonly members: MemberStore
  readonly tiers: TierStore
  readonly tierHistory: TierHistoryStore
  readonly shops: StoreStore
  readonly orders: OrderStore
  readonly issuances: IssuanceStore
  readonly transactions: TransactionStore
  readonly transactionChanges: TransactionChangeStore
  readonly purchases: PurchaseStore
  readonly activities: ActivityStore
  readonly awards: SourceAwardStore
  readonly accounts: PointsReader
  readonly lots: LotReader
  readonly outlook: WalletOutlook
  readonly redemptions: RedemptionStore
  readonly ledger: PointsLedger
  readonly desk: BookingDesk
  readonly groups: GroupStore
  readonly allowances: AllowanceStore
  readonly rewardCodes: RewardCodeStore
  readonly pointsRequests: PointsRequestStore
  readonly requests: RequestLog
  readonly jobs: JobQueue
}

export interface UnitOfWork {
  /** Runs the work on one database transaction: committed when it resolves, rolled back when it throws. */
  run<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /**
   * Runs work on the pool, each statement by itself: for work that writes in one statement only, which then is its own
   * transaction and saves opening and closing one.
   */
  atOnce<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** As `run`, but rolled back also when the work resolves: what it answers is what would have been. */
  rehearse<T>(work: (stores: Stores) => Promise<T>): Promise<T>
}
