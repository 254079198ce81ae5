import { LoyaltyError, type LoyaltyErrorCode, Unavailable } from '../../domain/shared/errors'
import { ActionCoolingDown } from '../../domain/points/allowance'
import { millisOf } from '../../domain/shared/instant'
import { MalformedJson } from '../shared/json'
import { PREFIX } from './settings'
import { HttpFault, type HttpReply, type HttpRequest } from '../shared/route'

/** Codes and texts as the vendor documents them (contract, section 4). */
const TEXTS = {
  AC1001: 'Oops! Something went wrong',
  AC1002: 'Request Not Authorized',
  AC1003: 'Method Not Allowed',
  AC1004: 'Missing Parameters',
  AC1005: 'No data found',
  AC1006: 'Data already exists',
  AC1007: 'Invalid Parameters',
  AC1008: 'User is blocked',
  AC1009: 'Opt out user',
  AC1010: 'Duplicate order ID',
  AC1026: 'Points cannot be awarded due to limit reached',
  AC1028: 'Points can be earned next in',
} as const

type AnnexCode = keyof typeof TEXTS

export const ERROR_CODES = Object.keys(TEXTS) as readonly AnnexCode[]

/** What a failing answer says. `about` names the property after the documented text. */
interface AnnexFailure {
  readonly status: number
  readonly code: AnnexCode
  readonly about?: string
  /** How a text goes on that ends open. */
  readonly ending?: string
}

/** A refusal whose answer names its two members in a second spelling, too (contract, section 4). */
export class SpelledTwice extends Error {
  constructor(override readonly cause: unknown) {
    super('a refusal to be spelled twice')
  }
}

/** A refusal that this door decides itself, before the domain is asked. */
export class AnnexRefusal extends Error {
  constructor(readonly failure: AnnexFailure) {
    super(failure.code)
  }
}

export const missing = (names: readonly string[]): AnnexRefusal => refusal('AC1004', names)
export const invalid = (names: readonly string[]): AnnexRefusal => refusal('AC1007', names)
/** What a body names is not there. */
export const noDataFound = (): AnnexRefusal => new AnnexRefusal({ status: 400, code: 'AC1005' })
export const notAuthorized = (): AnnexRefusal => new AnnexRefusal({ status: 401, code: 'AC1002' })

export const noSuchPath = (): HttpReply => replyOf({ status: 404, code: 'AC1001' })
export const methodNotAllowed = (allowed: readonly string[]): HttpReply =>
  replyOf({ status: 405, code: 'AC1003' }, { allow: allowed.join(', ') })

/** The answer to anything thrown. What is not a refusal is the server's fault: clients then send the call again. */
export function failed(error: unknown, request: HttpRequest): HttpReply {
  if (error instanceof SpelledTwice) return spelledTwice(failed(error.cause, request))
  if (error instanceof AnnexRefusal) return replyOf(error.failure)
  if (error instanceof HttpFault) return replyOf(faultOf(error))
  if (error instanceof MalformedJson) return replyOf({ status: 400, code: 'AC1004' })
  if (error instanceof Unavailable) return replyOf({ status: 503, code: 'AC1001' }, { 'retry-after': '1' })
  if (error instanceof LoyaltyError) return refusedBy(error, request)
  return replyOf({ status: 500, code: 'AC1001' })
}

/** At most so many properties are named: a body of nonsense gets a short answer. */
const MOST_NAMES = 10

const refusal = (code: AnnexCode, names: readonly string[]): AnnexRefusal =>
  new AnnexRefusal({ status: 400, code, about: names.slice(0, MOST_NAMES).join(', ') })

/** What one entry of many answers for its refusal; anything that is no refusal is thrown on. */
export function failureOfEntry(error: unknown, request: HttpRequest): FailureBody {
  const isRefusal = [AnnexRefusal, LoyaltyError, Unavailable].some((kind) => error instanceof kind)
  if (!isRefusal) throw error
  return failed(error, request).body as FailureBody
}

/** Every failing body of this door. */
export interface FailureBody {
  readonly errorCode: string
  readonly errorMessage: string
}

function spelledTwice(reply: HttpReply): HttpReply {
  const { errorCode, errorMessage } = reply.body as FailureBody
  return { ...reply, body: { errorCode, errorMessage, ...secondSpelling({ errorCode, errorMessage }) } }
}

const secondSpelling = ({ errorCode, errorMessage }: FailureBody) => ({
  'error code': errorCode,
  'error message': errorMessage,
})

/** A refusal by the names with a space alone. */
export const secondSpellingOf = ({ failure }: AnnexRefusal) =>
  secondSpelling(replyOf(failure).body as FailureBody)

function refusedBy(error: LoyaltyError, request: HttpRequest): HttpReply {
  if (error instanceof ActionCoolingDown)
    return replyOf({ status: 200, code: 'AC1028', ending: waitFor(error) })
  const failure = FAILURES[error.code]
  if (failure.code === 'AC1005' && namesWhatMustExist(request)) return replyOf({ ...failure, status: 404 })
  return replyOf(failure, failure.status === 503 ? { 'retry-after': '1' } : {})
}

/** What the path names and does not exist is 404; what the body names, 400 (contract, section 4, AC1005). */
const namesWhatMustExist = ({ path }: HttpRequest): boolean => path.slice(PREFIX.length + 1).includes('/')

const faultOf = ({ status, reason }: HttpFault): AnnexFailure => ({
  status,
  code: CODE_OF_FAULT[reason] ?? 'AC1007',
})

const CODE_OF_FAULT: Readonly<Partial<Record<HttpFault['reason'], AnnexCode>>> = {
  BODY_BROKEN: 'AC1004',
  TOO_MANY_ATTEMPTS: 'AC1002',
}

/** `2 days`, `3 hours` or `5 minutes`, never sooner than it is true (contract, section 11, 13). */
export function waitFor({ now, nextAt }: Pick<ActionCoolingDown, 'now' | 'nextAt'>): string {
  const minutes = Math.ceil((millisOf(nextAt) - millisOf(now)) / 60_000)
  if (minutes >= 1440) return `${Math.ceil(minutes / 1440)} days`
  return minutes >= 60 ? `${Math.ceil(minutes / 60)} hours` : `${minutes} minutes`
}

function replyOf(
  { status, code, about, ending }: AnnexFailure,
  headers: Record<string, string> = {},
): HttpReply {
  const text = ending ? `${TEXTS[code]} ${ending}` : TEXTS[code]
  const errorMessage = about ? `${text}: ${about}` : text
  return { status, headers, body: { errorCode: code, errorMessage } }
}

const missingValue = { status: 400, code: 'AC1004' } as const
const invalidValue = { status: 400, code: 'AC1007' } as const
const notFound = { status: 400, code: 'AC1005' } as const
const exists = { status: 409, code: 'AC1006' } as const

/** One line for each refusal of the domain. */
const FAILURES: Record<LoyaltyErrorCode, AnnexFailure> = {
  INVALID_IDENTIFIER: invalidValue,
  INVALID_AMOUNT: invalidValue,
  INVALID_POINTS: invalidValue,
  INVALID_QUANTITY: invalidValue,
  INVALID_INSTANT: invalidValue,
  INVALID_IDEMPOTENCY_KEY: invalidValue,
  MISSING_VALUE: missingValue,
  MEMBER_NOT_FOUND: notFound,
  MEMBER_BLOCKED: { status: 400, code: 'AC1008' },
  MEMBER_FRAUD: { status: 400, code: 'AC1008' },
  MEMBER_OPTED_OUT: { status: 400, code: 'AC1009' },
  MEMBER_INACTIVE: { status: 400, code: 'AC1008' },
  IDENTITY_TAKEN: exists,
  ALREADY_REGISTERED: exists,
  PROGRAM_NOT_FOUND: notFound,
  REWARD_NOT_FOUND: notFound,
  REWARD_SOLD_OUT: notFound,
  // Only for callers who cannot be given a code; this door gives it.
  ACTION_NOT_FOUND: notFound,
  STORE_NOT_FOUND: notFound,
  GROUP_NOT_FOUND: notFound,
  ORDER_NOT_FOUND: notFound,
  ISSUANCE_NOT_FOUND: notFound,
  DUPLICATE_ISSUANCE: { status: 409, code: 'AC1010' },
  CHANGE_NOT_ALLOWED: invalidValue,
  LINE_NOT_FOUND: invalidValue,
  REDEMPTION_NOT_FOUND: invalidValue,
  REDEMPTION_OF_ANOTHER: invalidValue,
  REDEMPTION_REVERSED: invalidValue,
  REVERSAL_EXCEEDS_REDEMPTION: invalidValue,
  TRANSACTION_NOT_FOUND: notFound,
  DUPLICATE_ORDER: { status: 409, code: 'AC1010' },
  DUPLICATE_BILL_NUMBER: exists,
  RETURN_REFUSED: invalidValue,
  ALREADY_AWARDED: exists,
  REFERENCE_USED: exists,
  // The two limits are answers of a success (contract, section 4).
  ACTION_LIMIT_REACHED: { status: 200, code: 'AC1026' },
  ACTION_COOLING_DOWN: { status: 200, code: 'AC1028' },
  AWARD_NOT_FOUND: notFound,
  HOLD_NOT_FOUND: notFound,
  REVERSAL_EXCEEDS_AWARD: invalidValue,
  INSUFFICIENT_POINTS: invalidValue,
  IDEMPOTENCY_KEY_REUSED: exists,
  EXPIRY_NOT_AFTER_AWARD: { ...invalidValue, about: 'orderDate' },
  ORDER_DATE_REQUIRED: { ...missingValue, about: 'orderDate' },
  DATE_IN_FUTURE: { ...invalidValue, about: 'orderDate' },
  DATE_TOO_OLD: { ...invalidValue, about: 'orderDate' },
  NOT_A_SANDBOX: invalidValue,
  TENANT_NOT_FOUND: { status: 401, code: 'AC1002' },
  BUSY: { status: 503, code: 'AC1001' },
}
