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
