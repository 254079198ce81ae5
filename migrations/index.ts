import { CreateTenants1760000000000 } from './1760000000000-create-tenants'
import { CreateMembers1760000001000 } from './1760000001000-create-members'
import { CreatePurchases1760000002000 } from './1760000002000-create-purchases'
import { CreateLedger1760000003000 } from './1760000003000-create-ledger'
import { CreateLedgerFunctions1760000004000 } from './1760000004000-create-ledger-functions'
import { CreateLedgerInvariants1760000005000 } from './1760000005000-create-ledger-invariants'
import { AddLedgerVerbs1760000006000 } from './1760000006000-add-ledger-verbs'
import { LightenLedgerWrites1760000007000 } from './1760000007000-lighten-ledger-writes'
import { GrantLedgerRoles1760000008000 } from './1760000008000-grant-ledger-roles'
import { CreateJobs1760000009000 } from './1760000009000-create-jobs'
import { CreateTierHistory1760000010000 } from './1760000010000-create-tier-history'
import { AddPointsModule1760000011000 } from './1760000011000-add-points-module'
import { AddOrderChanges1760000012000 } from './1760000012000-add-order-changes'
import { AddLedgerSchedule1760000012200 } from './1760000012200-add-ledger-schedule'
import { CreateIssuances1760000012300 } from './1760000012300-create-issuances'
import { AddReturns1760000013000 } from './1760000013000-add-returns'
import { AddTransactionChanges1760000014000 } from './1760000014000-add-transaction-changes'
import { AddRedemptions1760000014100 } from './1760000014100-add-redemptions'
import { LightenLedgerVerbs1760000020000 } from './1760000020000-lighten-ledger-verbs'
import { AddJobInvariant1760000020100 } from './1760000020100-add-job-invariant'
import { LookUpWalletsByKey1760000020200 } from './1760000020200-look-up-wallets-by-key'
import { AddBookingCheck1760000030000 } from './1760000030000-add-booking-check'
import { AddClientPermissions1760000040000 } from './1760000040000-add-client-permissions'
import { AddTransactionGroups1760000040100 } from './1760000040100-add-transaction-groups'
import { IndexMemberLists1760000050000 } from './1760000050000-index-member-lists'
import { CreateRequests1760000050100 } from './1760000050100-create-requests'
import { AnnounceMembers1760000050200 } from './1760000050200-announce-members'
import { KeepAuditLog1760000060000 } from './1760000060000-keep-audit-log'
import { AddTierPeriods1760000070000 } from './1760000070000-add-tier-periods'
import { CheckDecimalsInLedger1760000072000 } from './1760000072000-check-decimals-in-ledger'
import { TakeJobsByIndex1760000073000 } from './1760000073000-take-jobs-by-index'
import { LookUpWalletsOfTransfersAgain1760000074000 } from './1760000074000-look-up-wallets-of-transfers-again'
import { ReturnOrdersAtTills1760000085000 } from './1760000085000-return-orders-at-tills'
import { PruneRequests1760000090000 } from './1760000090000-prune-requests'
import { LetKeysChangeNames1760000096000 } from './1760000096000-let-keys-change-names'
import { SumLotsOnce1760000097000 } from './1760000097000-sum-lots-once'
import { MarkSpentLots1760000100000 } from './1760000100000-mark-spent-lots'
import { IndexAllLots1760000101000 } from './1760000101000-index-all-lots'
import { SpendFromTheMark1760000102000 } from './1760000102000-spend-from-the-mark'
import { DropOpenLotsIndex1760000103000 } from './1760000103000-drop-open-lots-index'
import { LetMarksMove1760000104000 } from './1760000104000-let-marks-move'
import { TellOfWaits1760000105000 } from './1760000105000-tell-of-waits'
import { SweepByIndex1760000106000 } from './1760000106000-sweep-by-index'
import { ReviewTiers1760000107000 } from './1760000107000-review-tiers'
import { ShareRedemptions1760000130000 } from './1760000130000-share-redemptions'
import { GrantRolesWithoutLocks1760000140000 } from './1760000140000-grant-roles-without-locks'
import { TakeBulksByColumn1760000150000 } from './1760000150000-take-bulks-by-column'
import { LetBulksPassBusyWallets1760000151000 } from './1760000151000-let-bulks-pass-busy-wallets'
import { WriteOneLinePlainly1760000152000 } from './1760000152000-write-one-line-plainly'

/** The database's history, oldest first. Never edited once merged. */
export const migrations = [
  CreateTenants1760000000000,
  CreateMembers1760000001000,
  CreatePurchases1760000002000,
  CreateLedger1760000003000,
  CreateLedgerFunctions1760000004000,
  CreateLedgerInvariants1760000005000,
  AddLedgerVerbs1760000006000,
  LightenLedgerWrites1760000007000,
  GrantLedgerRoles1760000008000,
  CreateJobs1760000009000,
  CreateTierHistory1760000010000,
  AddPointsModule1760000011000,
  AddOrderChanges1760000012000,
  AddLedgerSchedule1760000012200,
  CreateIssuances1760000012300,
  AddReturns1760000013000,
  AddTransactionChanges1760000014000,
  AddRedemptions1760000014100,
  LightenLedgerVerbs1760000020000,
  AddJobInvariant1760000020100,
  LookUpWalletsByKey1760000020200,
  AddBookingCheck1760000030000,
  AddClientPermissions1760000040000,
  AddTransactionGroups1760000040100,
  IndexMemberLists1760000050000,
  CreateRequests1760000050100,
  AnnounceMembers1760000050200,
  KeepAuditLog1760000060000,
  AddTierPeriods1760000070000,
  CheckDecimalsInLedger1760000072000,
  TakeJobsByIndex1760000073000,
  LookUpWalletsOfTransfersAgain1760000074000,
  ReturnOrdersAtTills1760000085000,
  PruneRequests1760000090000,
  LetKeysChangeNames1760000096000,
  SumLotsOnce1760000097000,
  MarkSpentLots1760000100000,
  IndexAllLots1760000101000,
  SpendFromTheMark1760000102000,
  DropOpenLotsIndex1760000103000,
  LetMarksMove1760000104000,
  TellOfWaits1760000105000,
  SweepByIndex1760000106000,
  ReviewTiers1760000107000,
  ShareRedemptions1760000130000,
  GrantRolesWithoutLocks1760000140000,
  TakeBulksByColumn1760000150000,
  LetBulksPassBusyWallets1760000151000,
  WriteOneLinePlainly1760000152000,
]
