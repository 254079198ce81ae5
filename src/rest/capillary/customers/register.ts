import { registerWithPoints } from '../../../domain/points/register-with-points'
import { isJsonMap } from '../../shared/json'
import { bookedByHeaders } from '../booking'
import { type Answer, type Call, jsonBody } from '../call'
import { firstProblems, readContract } from '../contract'
import { item, refusal, refusalFor } from '../errors'
import { idNumber } from '../numbers'
import { mayModify } from '../permissions'
import { isTrue } from './programs'
import { ProfileBody, RegisterCustomerBody } from './register.contract'
import { broughtPoints, enrollmentWarnings, registrationProblems, toRegisterMember } from './register.mapping'

/**
 * Registers a customer (section 22): as a new one, or in one more source of somebody who is known, which is told of by
 * warning 8050. What is known of a customer is never changed here; a new one may bring points along.
 */
export async function registerCustomer(call: Call): Promise<Answer> {
  const { deps, signIn, request } = call
  const body = readRegistration(call)
  const till = await tillOf(call, body)
  // Who may not change points may not bring any.
  const brought = mayModify(call, 'points') ? broughtPoints(body, signIn.caller.tenant) : []
  const { member, joined } = await registerWithPoints(deps.loyalty, signIn.caller, {
    ...toRegisterMember(body, till),
    brought,
    requestId: request.requestId,
  })
  return {
    status: 200,
    body: {
      createdId: idNumber(member.id),
      warnings: [
        ...(joined ? [item(8050, 'The customer is known already; the accounts were combined.')] : []),
        ...enrollmentWarnings(body, joined ? [] : brought),
      ],
      errors: [],
      sideEffects: [],
      ...(isTrue(request.query, 'rawSideEffects') && { rawSideEffects: [] }),
    },
  }
}

function readRegistration({ request, signIn }: Call): RegisterCustomerBody {
  const sent = jsonBody(request)
  if (!isJsonMap(sent)) throw refusal(400, 400, 'The body must be one customer: a JSON object.')
  const { value, problems } = readContract(RegisterCustomerBody, sent)
  const body = withQuery(value, request.query)
  const found = firstProblems([...problems, ...registrationProblems(body, signIn.caller.tenant)])
  if (found.length > 0) throw refusalFor(found)
  return body
}

/** The older page names source and account in the query only. */
function withQuery(body: RegisterCustomerBody, query: URLSearchParams): RegisterCustomerBody {
  const source = query.get('source')?.trim().toUpperCase()
  const accountId = query.get('accountId')?.trim()
  const profiles = body.profiles?.map((profile) =>
    Object.assign(new ProfileBody(), profile, {
      ...(!profile.source && source && { source }),
      ...(!profile.accountId && accountId && { accountId }),
    }),
  )
  return profiles ? Object.assign(new RegisterCustomerBody(), body, { profiles }) : body
}

/** The till that registers: the one the body names, or where the headers book. */
async function tillOf(call: Call, { associatedWith }: RegisterCustomerBody): Promise<string> {
  const named = associatedWith ? ({ kind: 'TILL', code: associatedWith } as const) : null
  const { tillCode } = await bookedByHeaders(call.deps.stores.shops, call.signIn, call.request, named)
  call.bookedOn(tillCode)
  return tillCode
}
