import type { LoyaltyDeps } from '../domain/loyalty'
import { enrollMember } from '../domain/members/enroll-member'
import { placeOrder } from '../domain/orders/place-order'
import { ActionCoolingDown, ActionLimitReached } from '../domain/points/allowance'
import { awardPoints } from '../domain/points/award-points'
import { InsufficientPoints } from '../domain/points/errors'
import { redeemPoints } from '../domain/points/redeem-points'
import type { Caller } from '../domain/programs/caller'
import type { Till } from '../domain/programs/store'
import type { Tenant } from '../domain/programs/tenant'
import type { MemberId } from '../domain/shared/ids'
import { instantOf, millisOf } from '../domain/shared/instant'
import { amount, sumAmounts } from '../domain/shared/money'
import { recordTransaction } from '../domain/transactions/record-transaction'
import { type DemoEvent, type DemoItem, demoPeople, type DemoPerson } from './demo-people'

/** How a demo tenant's past is made. */
export interface DemoHistory {
  readonly members: number
  readonly years: number
  /** The same seed makes the same people and the same purchases. */
  readonly seed: number
}

const AT_ONCE = 8

/**
 * Gives a sandbox a past: people who joined, bought at both doors, were rewarded and redeemed, through the use cases
 * themselves, each at its own moment. One person's events follow each other; several people are worked on at once.
 */
export async function makeDemoHistory(
  deps: LoyaltyDeps,
  tenant: Tenant,
  till: Till,
  history: DemoHistory,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const people = demoPeople(history, millisOf(tenant.time.now))
  const waiting = [...people]
  let done = 0
  const worker = async (): Promise<void> => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      await live({ deps, tenant, till }, person)
      progress(++done, people.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

interface Scene {
  readonly deps: LoyaltyDeps
  readonly tenant: Tenant
  readonly till: Till
}

async function live(scene: Scene, person: DemoPerson): Promise<void> {
  const { member } = await enrollMember(scene.deps, at(scene, person.joinedAt), {
    door: 'setup',
    id: null,
    firstName: person.firstName,
    lastName: person.lastName,
    email: person.email,
    mobile: person.mobile,
    status: 'ACTIVE',
    joinedAt: instantOf(person.joinedAt),
    attributes: {},
    identities: [
      { door: 'annex', type: 'id', source: '', account: '', value: person.email },
      { door: 'capillary', type: 'mobile', source: 'INSTORE', account: '', value: person.mobile },
      { door: 'capillary', type: 'email', source: 'INSTORE', account: '', value: person.email },
    ],
  })
  for (const event of person.events) await happen(scene, member.id, event)
}

/** The tenant as it was then, for a use case that runs now. */
const at = ({ tenant }: Scene, millis: number): Caller => ({
  tenant: { ...tenant, time: { now: instantOf(millis), offsetMillis: millis - millisOf(tenant.time.now) } },
  actor: 'setup:demo',
  scopes: ['read', 'write'],
})

async function happen(scene: Scene, member: MemberId, event: DemoEvent): Promise<void> {
  const caller = at(scene, event.at)
  const who = { member, reason: null, idempotencyKey: null, requestId: 'demo' }
  if (event.kind === 'order') return order(scene, caller, member, event)
  if (event.kind === 'bill') return bill(scene, caller, member, event)
  if (event.kind === 'action') return act(scene, caller, who, event)
  return redeem(scene, caller, who, event)
}

type Who = {
  readonly member: MemberId
  readonly reason: null
  readonly idempotencyKey: null
  readonly requestId: string
}

/** An action of the program, in turn; a program without actions awards nothing here. */
async function act({ deps, tenant }: Scene, caller: Caller, who: Who, event: DemoEvent): Promise<void> {
  const { actions } = tenant.setup.defaultProgram
  const action = actions[event.pick % Math.max(1, actions.length)]
  if (!action) return
  try {
    await awardPoints(deps, caller, { ...who, what: { actionId: action.actionId }, ref: `demo-${event.ref}` })
  } catch (error) {
    // What pays once, or only after a while, paid nothing this time.
    if (!(error instanceof ActionLimitReached || error instanceof ActionCoolingDown)) throw error
  }
}

/** The dearest reward that the member can afford, as people do; the codes of the demo are left for whoever tries it. */
async function redeem({ deps, tenant }: Scene, caller: Caller, who: Who, { ref }: DemoEvent): Promise<void> {
  const dearestFirst = tenant.setup.defaultProgram.rewards
    .filter(({ listsCodes }) => !listsCodes)
    .sort((a, b) => (a.cost < b.cost ? 1 : -1))
  for (const { rewardId } of dearestFirst) {
    try {
      await redeemPoints(deps, caller, { ...who, what: { rewardId }, billNumber: null, code: `demo-${ref}` })
      return
    } catch (error) {
      if (!(error instanceof InsufficientPoints)) throw error
    }
  }
}

async function order(
  { deps, tenant }: Scene,
  caller: Caller,
  member: MemberId,
  { ref, items }: DemoEvent,
): Promise<void> {
  await placeOrder(deps, caller, {
    program: tenant.setup.defaultProgram,
    member: { door: 'member', type: 'id', source: null, account: null, value: member },
    orderKey: `W-${ref}`,
    store: null,
    source: 'web',
    total: null,
    discount: null,
    orderDate: null,
    datedByClient: false,
    state: 'SHIPPED',
    disregardHold: false,
    lines: items.map(({ code, quantity, price }) => ({
      productId: code,
      secondaryKey: null,
      quantity: amount(String(quantity)),
      unitPrice: amount(price),
      attributes: {},
    })),
    attributes: {},
    requestId: null,
  })
}

async function bill(
  { deps, tenant, till }: Scene,
  caller: Caller,
  member: MemberId,
  { ref, items, at: when }: DemoEvent,
): Promise<void> {
  const lines = items.map(toBillLine)
  await recordTransaction(deps, caller, {
    member,
    programId: null,
    billNumber: `B-${ref}`,
    storeId: till.storeId,
    tillCode: till.code,
    source: 'INSTORE',
    amount: sumAmounts(lines.map((line) => line.amount)),
    grossAmount: null,
    discount: null,
    currency: tenant.setup.currency,
    billed: { at: instantOf(when), offset: null },
    deliveryStatus: 'DELIVERED',
    outlierStatus: 'NORMAL',
    note: null,
    customFields: {},
    extendedFields: {},
    attributes: {},
    billNumberRule: { scope: 'ORG', windowDays: 30 },
    lines,
    payments: [],
    ignoresPoints: false,
    runsLoyalty: true,
    requestId: null,
  })
}

function toBillLine({ code, name, quantity, price }: DemoItem, index: number) {
  const cents = BigInt(Math.round(Number(price) * 100)) * BigInt(quantity)
  const net = amount(`${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`)
  return {
    lineNo: index + 1,
    itemCode: code,
    quantity: amount(String(quantity)),
    rate: amount(price),
    value: net,
    discount: amount('0'),
    amount: net,
    outlier: false,
    attributes: { description: name },
  }
}
