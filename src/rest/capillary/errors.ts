import { Busy, type LoyaltyError, type LoyaltyErrorCode } from '../../domain/shared/errors'
import { MemberMayNotAct } from '../../domain/members/errors'
import type { Code } from './codes'
import type { Problem } from './contract'

/** One entry of an `errors` or `warnings` list. Clients branch on the code; the wording is ours. */
export type StatusItem = { readonly status: false; readonly code: Code; readonly message: string }

export const item = (code: Code, message: string): StatusItem => ({ status: false, code, message })

/** A call refused in the vendor's words: an HTTP status and at least one error. */
export class CapillaryRefusal extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly StatusItem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(errors.map(({ code, message }) => `${code} ${message}`).join('; '))
  }
}

export const refusal = (status: number, code: Code, message: string): CapillaryRefusal =>
  new CapillaryRefusal(status, [item(code, message)])

/** A body with something wrong in it, as the refusal that says what. */
export const refusalFor = (
  problems: readonly Pick<Problem, 'code' | 'field' | 'message'>[],
): CapillaryRefusal =>
  new CapillaryRefusal(
    400,
    problems.map(({ code, field, message }) => item(code, field === null ? message : `${field} ${message}.`)),
  )

export interface CapillaryFailure {
  readonly status: number
  readonly code: Code
  readonly message: string
}

const refused = (code: Code, message: string): CapillaryFailure => ({ status: 400, code, message })
const misconfigured = refused(686, 'The transaction was not stored.')

/** What each refusal of the domain is called here (capillary.md section 21). One line per code. */
export const FAILURES: Record<LoyaltyErrorCode, CapillaryFailure> = {
  INVALID_IDENTIFIER: refused(400, 'A value is not valid.'),
  INVALID_AMOUNT: refused(601, 'The amount is not acceptable.'),
  INVALID_POINTS: refused(601, 'The amount would earn more points than can be held.'),
  INVALID_QUANTITY: refused(400, 'The quantity is not valid.'),
  INVALID_INSTANT: refused(400, 'The date is not valid.'),
  INVALID_IDEMPOTENCY_KEY: refused(400, 'A value is not valid.'),
  MISSING_VALUE: refused(403, 'A mandatory value is missing.'),
  MEMBER_NOT_FOUND: refused(8015, 'No customer was found for the given identifiers.'),
  MEMBER_BLOCKED: refused(3045, 'The customer is blocked.'),
  MEMBER_FRAUD: refused(618, 'The customer is marked as fraud.'),
  MEMBER_OPTED_OUT: refused(3045, 'The customer has opted out.'),
  MEMBER_INACTIVE: refused(3045, 'The customer is not active.'),
  IDENTITY_TAKEN: refused(8053, 'The identifiers belong to different customers, who cannot be merged.'),
  ALREADY_REGISTERED: refused(8008, 'The identifier is registered in the same source.'),
  PROGRAM_NOT_FOUND: refused(1101, 'There is no such program.'),
  REWARD_NOT_FOUND: misconfigured,
  REWARD_SOLD_OUT: misconfigured,
  ACTION_NOT_FOUND: misconfigured,
  STORE_NOT_FOUND: refused(671, 'There is no such store or till.'),
  ORDER_NOT_FOUND: misconfigured,
  ISSUANCE_NOT_FOUND: misconfigured,
  DUPLICATE_ISSUANCE: misconfigured,
  CHANGE_NOT_ALLOWED: refused(609, 'A transaction of this type cannot be updated.'),
  REDEMPTION_NOT_FOUND: refused(3802, 'There is no such redemption.'),
  REDEMPTION_OF_ANOTHER: refused(901, 'The customer has not redeemed these points.'),
  REDEMPTION_REVERSED: refused(902, 'The redemption has been reversed already.'),
  REVERSAL_EXCEEDS_REDEMPTION: refused(903, 'More points would come back than are left of the redemption.'),
  LINE_NOT_FOUND: refused(1120, 'The transaction has no such line.'),
  TRANSACTION_NOT_FOUND: { status: 404, code: 620, message: 'There is no such transaction.' },
  DUPLICATE_ORDER: misconfigured,
  DUPLICATE_BILL_NUMBER: refused(604, 'The transaction number has been used.'),
  // Each reason has a number of its own: `transactions/return-refusals.ts`.
  RETURN_REFUSED: refused(673, 'The transaction cannot be returned.'),
  ALREADY_AWARDED: misconfigured,
  REFERENCE_USED: misconfigured,
  ACTION_LIMIT_REACHED: misconfigured,
  ACTION_COOLING_DOWN: misconfigured,
  GROUP_NOT_FOUND: misconfigured,
  AWARD_NOT_FOUND: misconfigured,
  REVERSAL_EXCEEDS_AWARD: refused(630, 'More would be returned than was bought.'),
  HOLD_NOT_FOUND: misconfigured,
  INSUFFICIENT_POINTS: refused(813, 'The customer has too few points.'),
  IDEMPOTENCY_KEY_REUSED: misconfigured,
  EXPIRY_NOT_AFTER_AWARD: misconfigured,
  ORDER_DATE_REQUIRED: misconfigured,
  DATE_IN_FUTURE: refused(643, 'The date lies too far ahead.'),
  DATE_TOO_OLD: refused(644, 'The date lies too far back.'),
  NOT_A_SANDBOX: misconfigured,
  TENANT_NOT_FOUND: { status: 401, code: 401, message: 'The credentials are not valid.' },
  BUSY: { status: 521, code: 521, message: 'Another action is running for this customer; try again.' },
}

/** A refusal of the domain in the vendor's words. */
export function toRefusal(error: LoyaltyError): CapillaryRefusal {
  const { status, code, message } = FAILURES[error.code]
  if (error instanceof MemberMayNotAct && code === 3045)
    return refusal(status, code, `${message} Customer ${error.memberId}, status ${error.status}.`)
  if (error instanceof Busy)
    return new CapillaryRefusal(status, [item(code, message)], { 'Retry-After': '1' })
  return refusal(status, code, message)
}
