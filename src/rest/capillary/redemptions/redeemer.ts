import { MemberMayNotAct } from '../../../domain/members/errors'
import type { MemberRef } from '../../../domain/points/award-points'
import { isNumberId, type MemberId } from '../../../domain/shared/ids'
import { isJsonMap, type JsonMap } from '../../shared/json'
import { DOOR } from '../auth'
import { type Call, jsonBody } from '../call'
import { firstProblems, readContract } from '../contract'
import { refusal, refusalFor } from '../errors'
import { identifierKind } from '../customers/lookup'
import { text, trimmed } from '../lenient'

/** Reads a body into its contract class. Throws CapillaryRefusal. */
export function readBody<T extends object>(type: new () => T, call: Call): T {
  const sent = jsonBody(call.request)
  if (!isJsonMap(sent)) throw refusal(400, 400, 'The body must be a JSON object.')
  const { value, problems } = readContract(type, sent)
  const found = firstProblems(problems)
  if (found.length > 0) throw refusalFor(found)
  return value
}

export function assertRedemptionsEnabled({ signIn }: Call): void {
  if (!signIn.settings.redemptions.enabled)
    throw refusal(403, 403, 'Redemptions are not enabled for the organization.')
}

/** What calls about points say of a customer who is marked as fraud; a sale has 618 for it (section 21.2). */
export const inTheWordsOfPoints = (error: unknown): unknown =>
  error instanceof MemberMayNotAct && error.code === 'MEMBER_FRAUD'
    ? refusal(400, 820, 'The customer is marked as fraud; points cannot be moved.')
    : error

/** A customer as a body names them, and the words it used. */
export interface NamedCustomer {
  readonly who: MemberRef
  readonly type: string
  readonly value: string
}

/** The customer by `type` and `value`, in whatever source. Throws CapillaryRefusal: 403 missing, 8013 unknown kind, 816 nobody. */
export function customerIn(said: JsonMap | undefined, typeName: string, valueName: string): NamedCustomer {
  const [type, value] = [trimmed(said?.[typeName]), text(said?.[valueName])]
  if (typeof type !== 'string' || typeof value !== 'string')
    throw refusal(400, 403, `${typeName} and ${valueName} of the customer are mandatory.`)
  if (type.toLowerCase() === 'id') {
    if (!isNumberId(value.trim())) throw refusal(400, 816, 'No customer was found.')
    return { who: value.trim() as MemberId, type, value }
  }
  const kind = identifierKind(type)
  if (!kind) throw refusal(400, 8013, 'The kind of identifier is not known.')
  return { who: { door: DOOR, type: kind, source: null, account: null, value }, type, value }
}
