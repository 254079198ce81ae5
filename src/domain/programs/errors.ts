import { LoyaltyError } from '../shared/errors'
import type { ProgramId } from '../shared/ids'

/** The tenant's setup has no such program. */
export class ProgramNotFound extends LoyaltyError {
  readonly code = 'PROGRAM_NOT_FOUND'
  override readonly field = 'programId'
  constructor(readonly programId: ProgramId) {
    super('there is no such program')
  }
}

/** The tenant's setup has no such store, or the store no such till. */
export class StoreNotFound extends LoyaltyError {
  readonly code = 'STORE_NOT_FOUND'
  constructor(override readonly field: 'storeId' | 'tillCode') {
    super(field === 'storeId' ? 'there is no such store' : 'the store has no such till')
  }
}
