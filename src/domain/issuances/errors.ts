import { LoyaltyError } from '../shared/errors'

/** The client's id has been used for an issuance of this tenant. */
export class DuplicateIssuance extends LoyaltyError {
  readonly code = 'DUPLICATE_ISSUANCE'
  override readonly field = 'issuanceKey'
  constructor(readonly issuanceKey: string) {
    super('an issuance with this id exists')
  }
}

export class IssuanceNotFound extends LoyaltyError {
  readonly code = 'ISSUANCE_NOT_FOUND'
  override readonly field = 'issuanceKey'
  constructor(readonly issuanceKey: string) {
    super('there is no issuance with this id')
  }
}
