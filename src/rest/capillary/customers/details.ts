import type { Member } from '../../../domain/members/member'
import { currencyWalletOf, movedNow, walletOf } from '../../../domain/points/wallet'
import type { Till } from '../../../domain/programs/store'
import type { Writable } from '../../shared/json'
import type { Answer, Call } from '../call'
import { refusal } from '../errors'
import { loyaltyDetail } from '../loyalty-details'
import { ZERO_POINTS } from '../../../domain/shared/points'
import { idNumber, pointsNumber } from '../numbers'
import { type CustomerFacts, toCustomerDetails } from './details.mapping'
import { CUSTOMER_SOURCES } from './lookup'
import { lotsOf } from './points'
import { toExpirySchedules } from './points.mapping'

/** A customer as each source knows them, or as the one source that is named does; numbers as far as they are embedded. */
export async function customerDetails(call: Call, member: Member): Promise<Answer> {
  const facts = await factsOf(call, member)
  const details = toCustomerDetails(facts)
  if (facts.source !== null && isEmpty(details['profiles']))
    throw refusal(400, 8065, 'The customer is not known in this source.')
  return { status: 200, body: { ...details, ...(await embedded(call, member)), warnings: [] } }
}

const isEmpty = (list: Writable): boolean => Array.isArray(list) && list.length === 0

/** The customer's number. */
export const customerId = (_call: Call, { id }: Member): Promise<Answer> =>
  Promise.resolve({ status: 200, body: { entity: idNumber(id), warnings: [], errors: [] } })

/** The standing in every program, or in the one that is named. */
export async function loyaltyDetails(call: Call, member: Member): Promise<Answer> {
  const { programs } = call.signIn.caller.tenant.setup
  const said = call.request.query.get('programId')?.trim()
  const asked = said ? programs.filter(({ id }) => id === said) : programs
  if (asked.length === 0) throw refusal(400, 1101, 'There is no such program.')
  const { tenant } = call.signIn.caller
  const data = await Promise.all(
    asked.map((program) => loyaltyDetail(call.deps.stores, tenant, member, program)),
  )
  return { status: 200, body: { data, warnings: [], errors: [] } }
}

async function factsOf({ deps, signIn, request: { query } }: Call, member: Member): Promise<CustomerFacts> {
  const { tenant } = signIn.caller
  const said = query.get('source')?.trim().toUpperCase() || 'ALL'
  if (said !== 'ALL' && !CUSTOMER_SOURCES.includes(said)) throw refusal(400, 8012, 'The source is not known.')
  return {
    member,
    identities: await deps.stores.members.identitiesOf(tenant.id, [member.id]),
    tills: await tillsOf(deps.stores.shops, tenant.id, member),
    source: said === 'ALL' ? null : said,
    account: said === 'INSTORE' ? null : query.get('accountId')?.trim() || null,
    timeZone: tenant.setup.timeZone,
  }
}

/** A customer was registered at a till per source: seldom more than one. */
async function tillsOf(
  shops: Call['deps']['stores']['shops'],
  tenant: Call['signIn']['caller']['tenant']['id'],
  { attributes }: Member,
): Promise<ReadonlyMap<string, Till>> {
  const codes = Object.values(attributes).flatMap((value) => {
    const till = typeof value === 'object' && value !== null && 'till' in value ? value.till : null
    return typeof till === 'string' ? [till] : []
  })
  const tills = await Promise.all([...new Set(codes)].map((code) => shops.tillByCode(tenant, code)))
  return new Map(tills.flatMap((till) => (till ? [[till.code, till] as const] : [])))
}

/** What the customer has of each further currency, in every program; its members are our choice, for none are published. */
async function currenciesOf({ deps, signIn }: Call, member: Member): Promise<readonly Writable[]> {
  const { tenant } = signIn.caller
  const currencies = tenant.setup.programs.flatMap((program) =>
    program.alternateCurrencies.map((currency) => ({ program, ...currency })),
  )
  if (currencies.length === 0) return []
  const statements = await deps.stores.accounts.statements(
    currencies.map(({ program, identifier }) => currencyWalletOf(tenant, member.id, program, identifier)),
    movedNow(tenant),
    tenant.setup.timeZone,
  )
  return currencies.map(({ program, identifier, name }, index) => ({
    programId: idNumber(program.id),
    alternateCurrencyIdentifier: identifier,
    alternateCurrencyName: name,
    available: pointsNumber(statements[index]?.available ?? ZERO_POINTS),
    redeemed: pointsNumber(statements[index]?.redeemed ?? ZERO_POINTS),
    expired: pointsNumber(statements[index]?.expired ?? ZERO_POINTS),
    returned: pointsNumber(statements[index]?.reversed ?? ZERO_POINTS),
    lifetime: pointsNumber(statements[index]?.lifetime ?? ZERO_POINTS),
  }))
}

async function embedded(call: Call, member: Member): Promise<Readonly<Record<string, Writable>>> {
  const { query } = call.request
  const asked = new Set((query.get('embed') ?? '').split(',').map((part) => part.trim().toLowerCase()))
  const { deps, signIn } = call
  const { tenant } = signIn.caller
  const { defaultProgram, programs, timeZone } = tenant.setup
  const standingIn = (program: typeof defaultProgram) => loyaltyDetail(deps.stores, tenant, member, program)
  return {
    ...(asked.has('points') && { pointsSummary: await standingIn(defaultProgram) }),
    ...(asked.has('mlp') && { loyaltyProgramDetails: await Promise.all(programs.map(standingIn)) }),
    ...(asked.has('expiryschedules') && {
      expirySchedules: toExpirySchedules(
        await lotsOf(call, { walletIn: (program) => walletOf(tenant, member.id, program) }, programs),
        { from: null, until: null },
        false,
        timeZone,
      ),
    }),
    ...(asked.has('customerstatus') && { customerStatus: { status: member.status } }),
    ...(asked.has('alternatecurrencies') && { alternateCurrencies: await currenciesOf(call, member) }),
  }
}
