import type { CommandMaker } from '../command'
import { addApply } from './apply'
import { addJobs } from './jobs'
import { addMigrate } from './migrate'
import { addVerifyLedger } from './verify-ledger'

/** Every command of `loyalty`, in the order of its help. */
export const COMMANDS: readonly CommandMaker[] = [addMigrate, addApply, addVerifyLedger, addJobs]
