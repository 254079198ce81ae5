import type { Stores } from '../domain/stores'
import { PostgresIssuanceStore } from './issuances/postgres-issuance-store'
import type { JobTraces } from './jobs/job-traces'
import { PostgresJobQueue } from './jobs/postgres-job-queue'
import { PostgresGroupStore } from './members/postgres-group-store'
import { PostgresMemberStore } from './members/postgres-member-store'
import { PostgresOrderStore } from './orders/postgres-order-store'
import { PostgresActivityStore } from './points/postgres-activity-store'
import { PostgresAllowanceStore } from './points/postgres-allowance-store'
import { PostgresBookingDesk } from './points/postgres-booking-desk'
import { PostgresLotReader } from './points/postgres-lot-reader'
import { PostgresPointsLedger } from './points/postgres-points-ledger'
import type { LedgerWatch } from './points/watch-ledger'
import { PostgresRedemptionStore } from './points/postgres-redemption-store'
import { PostgresPointsReader } from './points/postgres-points-reader'
import { PostgresSourceAwardStore } from './points/postgres-source-award-store'
import { PostgresPointsRequestStore } from './points/postgres-points-request-store'
import { PostgresRequestLog } from './points/postgres-request-log'
import { PostgresRewardCodeStore } from './points/postgres-reward-code-store'
import { PostgresWalletOutlook } from './points/postgres-wallet-outlook'
import { PostgresSetupStore } from './programs/postgres-setup-store'
import { PostgresStoreStore } from './programs/postgres-store-store'
import { PostgresTenantStore } from './programs/postgres-tenant-store'
import type { SecretBox } from './programs/secret-box'
import { PostgresPurchaseStore } from './purchases/postgres-purchase-store'
import type { Connection } from './sql'
import { PostgresTierHistoryStore } from './tiers/postgres-tier-history-store'
import { PostgresTierStore } from './tiers/postgres-tier-store'
import { PostgresTransactionChangeStore } from './transactions/postgres-transaction-change-store'
import { PostgresTransactionStore } from './transactions/postgres-transaction-store'

/** Every store, on one connection or on the pool. `changing` is told before a setup or a clock is written, `watch` of what the ledger did. */
export const postgresStores =
  (box: SecretBox, changing?: () => void, watch?: LedgerWatch, traces?: JobTraces | null) =>
  (connection: Connection): Stores => ({
    tenants: new PostgresTenantStore(connection),
    setup: new PostgresSetupStore(connection, box, changing),
    members: new PostgresMemberStore(connection),
    tiers: new PostgresTierStore(connection),
    tierHistory: new PostgresTierHistoryStore(connection),
    shops: new PostgresStoreStore(connection),
    orders: new PostgresOrderStore(connection),
    issuances: new PostgresIssuanceStore(connection),
    transactions: new PostgresTransactionStore(connection),
    transactionChanges: new PostgresTransactionChangeStore(connection),
    purchases: new PostgresPurchaseStore(connection),
    activities: new PostgresActivityStore(connection),
    awards: new PostgresSourceAwardStore(connection),
    accounts: new PostgresPointsReader(connection),
    lots: new PostgresLotReader(connection),
    outlook: new PostgresWalletOutlook(connection),
    redemptions: new PostgresRedemptionStore(connection),
    ledger: new PostgresPointsLedger(connection, watch),
    desk: new PostgresBookingDesk(connection),
    groups: new PostgresGroupStore(connection),
    allowances: new PostgresAllowanceStore(connection),
    rewardCodes: new PostgresRewardCodeStore(connection),
    pointsRequests: new PostgresPointsRequestStore(connection),
    requests: new PostgresRequestLog(connection),
    jobs: new PostgresJobQueue(connection, traces),
  })
