import type { Program } from '../../../domain/programs/program'
import type { Tenant } from '../../../domain/programs/tenant'
import { MemberNotFound } from '../../../domain/members/errors'
import { memberWhoBuys } from '../../../domain/transactions/record-transaction'
import { isJsonArray, isJsonMap, type JsonMap } from '../../shared/json'
import { type Booking, bookingOf, headerReference } from '../booking'
import { type Call, isBlank, jsonBody } from '../call'
import { firstProblems, type Problem, readContract } from '../contract'
import { CapillaryRefusal, item, refusal } from '../errors'
import { problemsOf } from './add-transaction.checks'
import { AddTransactionBody } from './add-transaction.contract'
import { normalizedNames } from './add-transaction.mapping'
import { bodyReference } from './attribution'
import { type BillKind, kindOf, knowsCustomer } from './bill-kind'
import { type CustomerReference, customerOf } from './customer'

/** A transaction that nothing is wrong with, as far as can be told without storing it. */
export interface ReadSale {
  readonly kind: BillKind
  readonly body: AddTransactionBody
  readonly booking: Booking
  readonly program: Program
  /** Null for what nobody known buys or returns. */
  readonly customer: CustomerReference | null
}

/**
 * Reads and checks a transaction in the steps of section 5; the first step that finds something ends the work and reports all
 * it found. Throws CapillaryRefusal, MemberNotFound and MemberMayNotAct.
 */
export async function readSale(call: Call): Promise<ReadSale> {
  const { tenant } = call.signIn.caller
  const { value: body, problems } = readContract(AddTransactionBody, saleBody(call))
  const found = [...problems, ...problemsOf(body, call.signIn.settings, tenant)]
  const booking = await bookingFor(call, body)
  const program = programFor(call, body)
  const structural = [booking, program].filter((outcome) => 'step' in outcome)
  refuseFor([...found, ...structural], ['READ', 'STRUCTURE'])
  const { kind, customer } = await buyerOf(call, body, program as Program)
  const sale = { kind, body, booking: booking as Booking, program: program as Program }
  call.bookedOn(sale.booking.tillCode)
  if (customer && 'step' in customer) throw refusedFor([customer])
  await refuseAfterCustomer(call, found, sale.program, customer)
  return { ...sale, customer }
}

interface Buyer {
  readonly kind: BillKind
  readonly customer: CustomerReference | Problem | null
}

/** Who buys or returns. An organization may want sales whose customer cannot be told as sales to nobody (section 6). */
async function buyerOf(call: Call, body: AddTransactionBody, program: Program): Promise<Buyer> {
  const kind = kindOf(body)
  if (!knowsCustomer(kind)) return { kind, customer: null }
  const customer = customerOf(call.request.query, body)
  const isCaptured =
    kind === 'REGULAR' &&
    call.signIn.settings.capturesUnknown &&
    ('step' in customer || !(await isKnown(call, customer, program)))
  return isCaptured ? { kind: 'NOT_INTERESTED', customer: null } : { kind, customer }
}

async function isKnown(
  { deps, signIn }: Call,
  { who }: CustomerReference,
  program: Program,
): Promise<boolean> {
  try {
    await memberWhoBuys(deps.stores, signIn.caller.tenant, who, program)
    return true
  } catch (error) {
    if (error instanceof MemberNotFound) return false
    throw error
  }
}

/**
 * Steps 4 to 6. The customer is looked up where the sale is stored; here only when something else is wrong, because
 * an unknown customer is what the client must hear of first.
 */
async function refuseAfterCustomer(
  { deps, signIn }: Call,
  problems: readonly Problem[],
  program: Program,
  customer: CustomerReference | null,
): Promise<void> {
  if (problems.length === 0) return
  if (customer) await memberWhoBuys(deps.stores, signIn.caller.tenant, customer.who, program)
  throw refusedFor(firstProblems(problems))
}

function refuseFor(problems: readonly Problem[], steps: readonly Problem['step'][]): void {
  const first = firstProblems(problems).filter(({ step }) => steps.includes(step))
  if (first.length > 0) throw refusedFor(first)
}

const refusedFor = (problems: readonly Problem[]): CapillaryRefusal =>
  new CapillaryRefusal(
    400,
    problems.map(({ code, field, message }) => item(code, field === null ? message : `${field} ${message}.`)),
  )

async function bookingFor(
  { deps, signIn, request }: Call,
  body: AddTransactionBody,
): Promise<Booking | Problem> {
  const inHeaders = headerReference(signIn, request)
  if (inHeaders && 'step' in inHeaders) return inHeaders
  const booking = await bookingOf(deps.stores.shops, signIn, bodyReference(body.attribution) ?? inHeaders)
  return booking ?? { step: 'STRUCTURE', code: 671, field: null, message: 'There is no such store or till.' }
}

function programFor({ signIn, request }: Call, body: AddTransactionBody): Program | Problem {
  const { setup }: Tenant = signIn.caller.tenant
  const said = request.query.get('programId')?.trim() || body.programId
  if (!said) return setup.defaultProgram
  const program = setup.programs.find(({ id }) => id === said)
  return program ?? { step: 'STRUCTURE', code: 1101, field: null, message: 'There is no such program.' }
}

function saleBody({ request, part }: Call): JsonMap {
  const nothing = () => refusal(400, 615, 'There is no transaction in the body.')
  if (part === undefined && isBlank(request)) throw nothing()
  const body = part === undefined ? jsonBody(request) : part
  if (isJsonArray(body) && body.length === 0) throw nothing()
  if (!isJsonMap(body)) throw refusal(400, 400, 'The body must be one transaction: a JSON object.')
  return normalizedNames(body)
}
