/** Every refusal the domain knows. Each border answers for every code in one table; a new code fails to compile until it does. */
export const LOYALTY_ERROR_CODES = [
  'INVALID_IDENTIFIER',
  'INVALID_AMOUNT',
  'INVALID_POINTS',
  'INVALID_QUANTITY',
  'INVALID_INSTANT',
  'INVALID_IDEMPOTENCY_KEY',
  'MISSING_VALUE',
  'MEMBER_NOT_FOUND',
  'MEMBER_BLOCKED',
  'MEMBER_FRAUD',
  'MEMBER_OPTED_OUT',
  'MEMBER_INACTIVE',
  'IDENTITY_TAKEN',
  'ALREADY_REGISTERED',
  'PROGRAM_NOT_FOUND',
  'REWARD_NOT_FOUND',
  'REWARD_SOLD_OUT',
  'ACTION_NOT_FOUND',
  'STORE_NOT_FOUND',
  'GROUP_NOT_FOUND',
  'ORDER_NOT_FOUND',
  'ISSUANCE_NOT_FOUND',
  'DUPLICATE_ISSUANCE',
  'CHANGE_NOT_ALLOWED',
  'TRANSACTION_NOT_FOUND',
  'LINE_NOT_FOUND',
  'DUPLICATE_ORDER',
  'DUPLICATE_BILL_NUMBER',
  'RETURN_REFUSED',
  'ALREADY_AWARDED',
  'REFERENCE_USED',
  'ACTION_LIMIT_REACHED',
  'ACTION_COOLING_DOWN',
  'AWARD_NOT_FOUND',
  'REVERSAL_EXCEEDS_AWARD',
  'INSUFFICIENT_POINTS',
  'REDEMPTION_NOT_FOUND',
  'REDEMPTION_OF_ANOTHER',
  'REDEMPTION_REVERSED',
  'REVERSAL_EXCEEDS_REDEMPTION',
  'HOLD_NOT_FOUND',
  'IDEMPOTENCY_KEY_REUSED',
  'EXPIRY_NOT_AFTER_AWARD',
  'ORDER_DATE_REQUIRED',
  'DATE_IN_FUTURE',
  'DATE_TOO_OLD',
  'NOT_A_SANDBOX',
  'TENANT_NOT_FOUND',
  'BUSY',
] as const
export type LoyaltyErrorCode = (typeof LOYALTY_ERROR_CODES)[number]

/** What is thrown when a rule says no: a code and the facts. Never a status, never a vendor's number. */
export abstract class LoyaltyError extends Error {
  abstract readonly code: LoyaltyErrorCode
  /** The input the refusal is about, as a path of the command: `lines.0.quantity`. */
  readonly field: string | null = null
}

/** Says of a refusal which part of the command it is about, and passes it on: `work().catch(about('to'))`. */
export const about =
  (field: string) =>
  (error: unknown): never => {
    if (error instanceof LoyaltyError) Object.defineProperty(error, 'field', { value: field })
    throw error
  }

export class InvalidIdentifier extends LoyaltyError {
  readonly code = 'INVALID_IDENTIFIER'
  constructor(
    readonly what: string,
    readonly text: string,
  ) {
    super(`${what} is not valid`)
  }
}

export class InvalidAmount extends LoyaltyError {
  readonly code = 'INVALID_AMOUNT'
  override readonly field: string
  constructor(
    readonly what: string,
    readonly text: string,
  ) {
    super(`${what} must be a decimal number of at most 13 digits before and 6 after the point`)
    this.field = what
  }
}

export class InvalidPoints extends LoyaltyError {
  readonly code = 'INVALID_POINTS'
  override readonly field = 'points'
  constructor(readonly text: string) {
    super('points must be a decimal number that the program can hold')
  }
}

export class MissingValue extends LoyaltyError {
  readonly code = 'MISSING_VALUE'
  constructor(override readonly field: string) {
    super(`${field} is required`)
  }
}

/** Another call holds what this one needs, and did not let go in time. Safe to send again. */
export class Busy extends LoyaltyError {
  readonly code = 'BUSY'
  constructor(readonly sqlState: string) {
    super('another operation on the same account is running; try again')
  }
}

/** Not a refusal but an accident: the database cannot be reached now. Nothing is known to have happened; send it again. */
export class Unavailable extends Error {}
