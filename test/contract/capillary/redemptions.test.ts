import fc from 'fast-check'
import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { CAPILLARY_SETUP, organization, TILL, tillOf } from './capillary-setup'

let world: DoorWorld

/** Ann, Ben and a blocked one share what they have; Dan is alone. */
const family = () => {
  const tenant = organization('family', 2303, {
    ENABLE_CROSS_MEMBER_REDEMPTION: true,
    Allow_points_redemption_reversal: true,
  })
  const member = (ref: string, mobile: string, more: object = {}) => ({
    ref,
    identifiers: [{ type: 'mobile', value: mobile, source: 'INSTORE', accountId: '' }],
    ...more,
  })
  const closed = { status: 'BLOCKED', credits: [{ ref: 'opening', points: 500, expires: 'never' }] }
  return {
    ...tenant,
    members: [
      ...tenant.members,
      member('ben', '9200'),
      member('closed', '9300', closed),
      member('dan', '9400'),
    ],
    groups: [{ groupId: 'F', name: 'Family', owner: 'ann', members: ['ben', 'closed'] }],
  }
}

beforeAll(async () => {
  const shop = structuredClone(CAPILLARY_SETUP.tenants.find(({ key }) => key === 'shop')!)
  Object.assign(shop.capillary, { config: { Allow_points_redemption_reversal: true } })
  Object.assign(shop.programs[0]!, { pointsDecimals: 1 })
  world = await openDoors({
    version: 1,
    tenants: [
      shop,
      organization('keeps', 2301, {}),
      organization('none', 2302, {}, { redemptions: false }),
      family(),
    ],
  })
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.moveTo('shop', '2026-02-01T06:00:00Z')
  await world.reset('shop')
})

interface Reply {
  readonly status: number
  readonly body: {
    readonly redemptionId: string
    readonly reversalId: string
    readonly errors: readonly { readonly code: number }[]
    readonly warnings: readonly { readonly code: number }[]
    readonly [name: string]: unknown
  }
}

async function send(method: string, url: string, body?: unknown, till = TILL): Promise<Reply> {
  const answer = await world.send(tillCall(till, method, url, body))
  return { status: answer.statusCode, body: answer.json() }
}

const TOM = 98662653
const tom = { type: 'mobile', value: '919740011122' }
const redeem = (body: unknown, till = TILL, id: number | string = TOM) =>
  send('POST', `/v2/customers/${id}/redemptions`, body, till)
const reverse = (redemptionId: unknown, more: object = {}, till = TILL) =>
  send('POST', '/v2/points/reverse', { redemptionId, identifier: tom, ...more }, till)
const update = (body: unknown) => send('PUT', '/v2/points/updateRedemption', body)
const sell = (billNumber: string, amount: number) =>
  send('POST', `/v2/transactions?identifierName=id&identifierValue=${TOM}`, {
    type: 'REGULAR',
    billNumber,
    billAmount: amount,
  })
const balance = async () => (await send('GET', `/v2/customers/points/balance/${TOM}`)).body['mainPoints']
const schedule = async () =>
  (
    (await send('GET', `/v2/customers/${TOM}/pointsExpirySchedule`)).body['expirySchedules'] as {
      points: number
      expiryDate: string
    }[]
  ).map(({ points, expiryDate }) => [expiryDate, points])
const codes = ({ body }: Reply): number[] => body.errors.map(({ code }) => code)
const invariants = () => world.app.rows(`select * from ledger_invariants where violations <> 0`)

describe('redeeming points', () => {
  it('spends what expires soonest, under a name', async () => {
    await sell('b-1', 1000)
    await world.moveTo('shop', '2026-03-01T06:00:00Z')
    await sell('b-2', 1000)
    const body = {
      redemptionType: 'points',
      points: '120.5',
      transactionNumber: 'T-1',
      externalReferenceNumber: 'X-1',
      source: 'INSTORE',
    }
    const answer = await redeem(body)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        redemptionId: expect.stringMatching(/^[0-9A-Za-z]{8}$/) as string,
        pointsRedeemed: 120.5,
        transactionNumber: 'T-1',
        externalReferenceNumber: 'X-1',
        customerId: TOM,
        warnings: [],
        errors: [],
      },
    })
    expect(await schedule()).toEqual([['2027-03-01', 79.5]])
  })

  it('answers a repeat under the same reference with the first redemption, also when both meet', async () => {
    await sell('b-1', 1000)
    expect(codes(await redeem({ points: 101, externalReferenceNumber: 'X-1' }))).toEqual([813])
    await sell('b-2', 1000)
    const answers = await Promise.all(
      [1, 2, 3].map(() => redeem({ points: 101, externalReferenceNumber: 'X-1' })),
    )
    expect(new Set(answers.map(({ body }) => body.redemptionId)).size).toBe(1)
    expect(await balance()).toBe(99)
    expect(codes(await redeem({ points: 7, externalReferenceNumber: 'X-1' }))).toEqual([686])
  })

  it('only says whether it could with commit false', async () => {
    await sell('b-1', 1000)
    const tried = await redeem({ points: 100, commit: false })
    expect(tried).toMatchObject({ status: 200, body: { pointsRedeemed: 0 } })
    expect(tried.body).not.toHaveProperty('redemptionId')
    expect(codes(await redeem({ points: 100.1, commit: 'false' }))).toEqual([813])
    expect(await balance()).toBe(100)
  })

  it.each([
    ['no points', {}, 403],
    ['points that are none', { points: 'many' }, 801],
    ['no point at all', { points: 0 }, 801],
    ['fewer than none', { points: -5 }, 801],
    ['more than any wallet holds', { points: '9999999999999' }, 801],
    ['points finer than the program has', { points: 1.25 }, 801],
    ['points finer than any', { points: '1.2345' }, 878],
    ['more than there are', { points: 101 }, 813],
    ['another type', { points: 1, redemptionType: 'MILES' }, 400],
    ['a reference that is too long', { points: 1, externalReferenceNumber: 'x'.repeat(256) }, 685],
    ['a list', [], 400],
    ['no body', '', 400],
  ])('refuses %s', async (_name, body, code) => {
    await sell('b-1', 1000)
    expect(await redeem(body)).toMatchObject({ status: 400, body: { errors: [{ status: false, code }] } })
    expect(await balance()).toBe(100)
  })

  it('refuses an unknown customer, one who may not act, and an organization that has switched it off', async () => {
    expect(await redeem({ points: 1 }, TILL, 12)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 8015 }] },
    })
    const [fraud] = await world.app.rows<{ member_id: string }>(
      `select member_id from members join tenants using (tenant_id) where key = 'shop' and status = 'FRAUD'`,
    )
    expect(codes(await redeem({ points: 1 }, TILL, fraud!.member_id))).toEqual([820])
    expect(await redeem({ points: 1 }, tillOf('none'), 1)).toMatchObject({
      status: 403,
      body: { errors: [{ code: 403 }] },
    })
  })
})

describe('reversing a redemption', () => {
  const spend = async (points: number): Promise<string> => (await redeem({ points })).body.redemptionId

  it('gives points back with the expiry they had, all or a part, longest living first', async () => {
    await sell('b-1', 1000)
    await world.moveTo('shop', '2026-03-01T06:00:00Z')
    await sell('b-2', 1000)
    const id = await spend(150)
    const part = await reverse(id, { pointsToBeReversed: '70' })
    expect(part).toMatchObject({
      status: 200,
      body: {
        orgId: 100458,
        identifier: tom,
        customerId: TOM,
        redemptionId: id,
        reversalId: expect.stringMatching(/^[0-9A-Za-z]{8}$/) as string,
        pointsToBeReversed: 70,
        pointsReversed: 70,
        pointsReversedDetails: { available: 70, expired: 0 },
        warnings: [],
        errors: [],
      },
    })
    expect(await schedule()).toEqual([
      ['2027-02-01', 20],
      ['2027-03-01', 50],
      ['2027-03-01', 50],
    ])
    expect(codes(await reverse(id, { pointsToBeReversed: 80.1 }))).toEqual([903])
    const rest = await reverse(id)
    expect(rest.body).toMatchObject({ pointsToBeReversed: 80, pointsReversed: 80 })
    expect(rest.body.reversalId).not.toBe(part.body.reversalId)
    expect(await balance()).toBe(200)
    expect(codes(await reverse(id))).toEqual([902])
    expect(await invariants()).toEqual([])
    expect((await send('GET', `/v2/customers/${TOM}/loyaltyDetails`)).body['data']).toMatchObject([
      { loyaltyPoints: 200, lifetimePoints: 200 },
    ])
  })

  it('reports what has expired meanwhile, and gives it to nobody', async () => {
    await sell('b-1', 1000)
    await world.moveTo('shop', '2026-03-01T06:00:00Z')
    await sell('b-2', 1000)
    const id = await spend(150)
    await world.moveTo('shop', '2027-02-15T06:00:00Z')
    expect((await reverse(id)).body).toMatchObject({
      pointsToBeReversed: 150,
      pointsReversed: 150,
      pointsReversedDetails: { available: 50, expired: 100 },
    })
    expect(await balance()).toBe(100)
    expect(codes(await reverse(id))).toEqual([902])
    expect(await invariants()).toEqual([])
  })

  it('gives back no more than was redeemed, however many reversals meet and however they are cut', async () => {
    await sell('b-1', 1000)
    await world.moveTo('shop', '2026-03-01T06:00:00Z')
    await sell('b-2', 1000)
    const id = await spend(160)
    const answers = await Promise.all(
      [30, 70.5, 20, 40, 90, 10].map((points) => reverse(id, { pointsToBeReversed: points })),
    )
    const given = answers.map(({ body }) => (body['pointsReversed'] as number | undefined) ?? 0)
    expect(answers.flatMap(codes).every((code) => code === 903 || code === 902)).toBe(true)
    const total = given.reduce((sum, points) => sum + points, 0)
    expect(total).toBeLessThanOrEqual(160)
    expect(await balance()).toBe(40 + total)
    expect(await invariants()).toEqual([])
  })

  it('takes any identifier of the customer, and no other customer', async () => {
    await sell('b-1', 1000)
    const id = await spend(10)
    const as = (type: string, value: unknown) =>
      reverse(id, { identifier: { type, value }, pointsToBeReversed: 1 })
    expect((await as('ID', TOM)).status).toBe(200)
    expect((await as('EMAIL', 'tom@web.example.com')).status).toBe(200)
    expect(codes(await as('mobile', '9101'))).toEqual([901])
    expect(codes(await as('mobile', '000'))).toEqual([816])
    expect(codes(await as('id', 'tom'))).toEqual([816])
    expect(codes(await as('nickname', 'tom'))).toEqual([8013])
    expect(codes(await as('mobile', ''))).toEqual([403])
    expect(codes(await reverse('nothing'))).toEqual([3802])
    expect(codes(await reverse(''))).toEqual([403])
    expect(codes(await reverse(id, { pointsToBeReversed: 0 }))).toEqual([887])
    expect(codes(await reverse(id, { pointsToBeReversed: 'x' }))).toEqual([887])
    expect(codes(await reverse(id, { pointsToBeReversed: 0.25 }))).toEqual([887])
    expect(codes(await reverse(id, { pointsToBeReversed: 0.0001 }))).toEqual([878])
    expect(await balance()).toBe(92)
  })

  it('reverses nothing and warns where the organization has not allowed it', async () => {
    const answer = await reverse('anything', {}, tillOf('keeps'))
    expect(answer).toMatchObject({
      status: 200,
      body: { pointsReversed: 0, warnings: [{ code: 905 }], errors: [] },
    })
  })
})

describe('saying more of a redemption', () => {
  it('ties it to a bill, by either of its names', async () => {
    await sell('b-1', 1000)
    const bill = await sell('b-2', 100)
    const { redemptionId } = (await redeem({ points: 10, externalReferenceNumber: 'X-1' })).body
    const entity = { type: 'CUSTOMER', identifierType: 'mobile', identifierValue: '919740011122' }
    const body = {
      billNumber: 'b-2',
      billId: bill.body['createdId'],
      purpose: 'shoes',
      entity,
      customFields: { card: '1' },
    }
    expect((await update({ redemptionId, ...body })).body).toMatchObject({
      id: expect.any(Number) as number,
      redemptionId,
      programId: 1016,
      pointsRedeemed: 10,
      billId: bill.body['createdId'],
      billNumber: 'b-2',
      purpose: 'shoes',
      customFields: { card: '1' },
      errors: [],
    })
    expect((await update({ externalReferenceNumber: 'X-1', purpose: 'hats' })).body).toMatchObject({
      billNumber: 'b-2',
      purpose: 'hats',
    })
    const other = { ...entity, identifierValue: '9101' }
    expect(codes(await update({ redemptionId, entity: other }))).toEqual([901])
    expect(codes(await update({ redemptionId: 'nothing' }))).toEqual([3802])
    expect(codes(await update({}))).toEqual([403])
    expect(codes(await update({ redemptionId, billId: 5 }))).toEqual([667])
    expect(codes(await update({ redemptionId, purpose: 'x'.repeat(256) }))).toEqual([685])
  })
})

describe('a sale that names redemptions', () => {
  const sale = (billNumber: string, redemptions: object, more = `identifierName=id&identifierValue=${TOM}`) =>
    send('POST', `/v2/transactions?${more}`, { type: 'REGULAR', billNumber, billAmount: 100, redemptions })
  const warned = ({ body }: Reply): number[] => body.warnings.map(({ code }) => code)

  it('ties those of its customer to itself, and warns of all others', async () => {
    await sell('b-1', 1000)
    const [first, second] = [
      (await redeem({ points: 10 })).body.redemptionId,
      (await redeem({ points: 5 })).body.redemptionId,
    ]
    const sold = await sale('b-2', { pointsRedemptions: [first, ` ${first} `] })
    expect(sold).toMatchObject({ status: 200, body: { warnings: [] } })
    const again = await sale('b-3', {
      pointsRedemptions: [first, second, 123453],
      couponRedemptions: [727272],
    })
    expect(again.status).toBe(200)
    expect(warned(again)).toEqual([640, 642, 640])
    expect((await update({ redemptionId: first })).body['billId']).toBe(sold.body['createdId'])
    expect((await update({ redemptionId: second })).body['billId']).toBe(again.body['createdId'])
    const other = await sale(
      'b-4',
      { pointsRedemptions: [second] },
      'identifierName=mobile&identifierValue=9101',
    )
    expect(warned(other)).toEqual([640])
    expect(warned(await sale('b-5', { pointsRedemptions: {} }))).toEqual([642])
  })

  it('ties a redemption to one of two sales that meet', async () => {
    await sell('b-1', 1000)
    const { redemptionId } = (await redeem({ points: 10 })).body
    const answers = await Promise.all(
      ['x', 'y', 'z'].map((number) => sale(number, { pointsRedemptions: [redemptionId] })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.flatMap(warned)).toEqual([642, 642])
  })
})

describe('redeeming what the group of a customer has', () => {
  const till = tillOf('family')
  let ann = 0
  let ben = 0
  let dan = 0
  const numberOf = async (mobile: string) =>
    (
      await send(
        'GET',
        `/v2/customers/lookup?identifierName=mobile&identifierValue=${mobile}&source=INSTORE`,
        undefined,
        till,
      )
    ).body['entity'] as number
  const sellTo = (mobile: string, billNumber: string, amount: number, more: object = {}) =>
    send(
      'POST',
      `/v2/transactions?identifierName=mobile&identifierValue=${mobile}`,
      { type: 'REGULAR', billNumber, billAmount: amount, ...more },
      till,
    )
  const has = async (id: number) =>
    (await send('GET', `/v2/customers/points/balance/${id}`, undefined, till)).body['mainPoints']
  const giveBack = (redemptionId: string, more: object = {}) =>
    reverse(redemptionId, { identifier: { type: 'mobile', value: '9100' }, ...more }, till)
  const groupHas = async () =>
    (
      await world.app.rows<{ points: string }>(
        `select a.available / 1000 as points from account a join tenants t using (tenant_id)
          where t.key = 'family' and a.holder_kind = 'G'`,
      )
    ).map(({ points }) => Number(points))

  beforeEach(async () => {
    await world.moveTo('family', '2026-02-01T06:00:00Z')
    await world.reset('family')
    ann = await numberOf('9100')
    ben = await numberOf('9200')
    dan = await numberOf('9400')
  })

  it('spends what expires first, whoever has it, and gives it back to whom it was of', async () => {
    await sellTo('9100', 'a', 300)
    await world.moveTo('family', '2026-02-02T06:00:00Z')
    await sellTo('9200', 'b', 1000)
    await world.moveTo('family', '2026-02-03T06:00:00Z')
    await sellTo('9100', 'c', 1000)
    await sellTo('9100', 'g', 200, { userGroup2ExternalId: 'F' })
    const body = { points: 140, externalReferenceNumber: 'X' }
    const redeemed = await redeem(body, till, ann)
    expect(redeemed).toMatchObject({
      status: 200,
      body: { pointsRedeemed: 140, customerId: ann, externalReferenceNumber: 'X', errors: [] },
    })
    const shares = [
      { customerId: ann, pointsRedeemed: 40 },
      { customerId: ben, pointsRedeemed: 100 },
    ]
    expect(redeemed.body['crossMemberRedemptionBreakup']).toEqual(shares)
    expect((await redeem(body, till, ann)).body).toEqual(redeemed.body)
    expect(codes(await redeem({ ...body, points: 100 }, till, ann))).toEqual([686])
    expect([await has(ann), await has(ben), await groupHas()]).toEqual([90, 0, [20]])
    // What lives longest is Ann's of the third, then Ben's of the second.
    const id = redeemed.body.redemptionId
    const part = await giveBack(id, { pointsToBeReversed: 60 })
    expect(part.body).toMatchObject({
      pointsReversed: 60,
      pointsReversedDetails: { available: 60, expired: 0 },
    })
    expect(part.body['crossMemberReversalBreakup']).toEqual([
      { customerId: ann, available: 10, expired: 0 },
      { customerId: ben, available: 50, expired: 0 },
    ])
    await world.moveTo('family', '2027-02-01T12:00:00Z')
    const rest = await giveBack(id)
    expect(rest.body['crossMemberReversalBreakup']).toEqual([
      { customerId: ann, available: 0, expired: 30 },
      { customerId: ben, available: 50, expired: 0 },
    ])
    expect(codes(await giveBack(id))).toEqual([902])
    expect([await has(ann), await has(ben)]).toEqual([100, 100])
    expect(codes(await giveBack(`${id}-2`))).toEqual([3802])
    expect(await invariants()).toEqual([])
  })

  it('leaves the points of who may not act, and draws on the wallet of the group as well', async () => {
    await sellTo('9100', 'a', 100)
    await sellTo('9100', 'g', 100, { userGroup2ExternalId: 'F' })
    expect(codes(await redeem({ points: 21 }, till, ben))).toEqual([813])
    expect((await redeem({ points: 20, commit: false }, till, ben)).status).toBe(200)
    expect(codes(await redeem({ points: 1, groupRedemption: false }, till, ben))).toEqual([813])
    const { body } = await redeem({ points: 15 }, till, ben)
    const [first, second] = body['crossMemberRedemptionBreakup'] as readonly object[]
    expect([first, second]).toEqual([
      { customerId: ann, pointsRedeemed: 10 },
      { userGroup2Id: expect.any(Number) as number, pointsRedeemed: 5 },
    ])
    const back = await reverse(body.redemptionId, { identifier: { type: 'mobile', value: '9200' } }, till)
    expect(back.body).toMatchObject({ pointsReversed: 15 })
    expect([await has(ann), await has(ben), await groupHas()]).toEqual([10, 0, [10]])
    await sellTo('9400', 'd', 100)
    expect((await redeem({ points: 10, groupRedemption: true }, till, dan)).body).toMatchObject({
      crossMemberRedemptionBreakup: [{ customerId: dan, pointsRedeemed: 10 }],
    })
    expect(await invariants()).toEqual([])
  })

  it('spends nothing twice when all of them redeem at once', async () => {
    await sellTo('9100', 'a', 500)
    await sellTo('9200', 'b', 500)
    const asked = Array.from(
      { length: 12 },
      (_none, index) => [index % 2 === 0 ? ann : ben, 7 + index] as const,
    )
    const answers = await Promise.all(
      asked.map(([who, points], index) =>
        redeem({ points, ...(index % 3 === 2 && { groupRedemption: false }) }, till, who),
      ),
    )
    const spent = answers.reduce((sum, { body }) => sum + ((body['pointsRedeemed'] as number) ?? 0), 0)
    expect(answers.flatMap(codes).every((code) => code === 813)).toBe(true)
    expect(((await has(ann)) as number) + ((await has(ben)) as number)).toBe(100 - spent)
    expect(spent).toBeGreaterThan(80)
    expect(await invariants()).toEqual([])
  })
})

describe('bad input about redemptions', () => {
  it('is never an error of the server, and no point is lost or made', async () => {
    await sell('b-1', 1000)
    const { redemptionId } = (await redeem({ points: 10 })).body
    const anything = fc.oneof(
      fc.constantFrom(null, '', ' ', -1, 1e30, 'x'.repeat(400), true, {}, [], redemptionId),
      fc.jsonValue({ maxDepth: 2 }),
    )
    const names = [
      'redemptionId',
      'pointsToBeReversed',
      'identifier',
      'points',
      'transactionNumber',
      'externalReferenceNumber',
      'billId',
      'billNumber',
      'entity',
      'customFields',
      'commit',
    ]
    const bodies = fc.dictionary(fc.constantFrom(...names), anything)
    const calls = fc.constantFrom(
      ['POST', `/v2/customers/${TOM}/redemptions`] as const,
      ['POST', '/v2/points/reverse'] as const,
      ['PUT', '/v2/points/updateRedemption'] as const,
    )
    await fc.assert(
      fc.asyncProperty(calls, bodies, async ([method, url], body) => {
        expect((await send(method, url, body)).status).toBeLessThan(500)
      }),
      { numRuns: 200 },
    )
    expect(await invariants()).toEqual([])
  }, 60_000)
})
