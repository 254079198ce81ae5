import { globalId } from '../../src/graphql/shared/global-id'
import { pruning } from '../../src/jobs/ledger-rounds'
import { PostgresRequestLog } from '../../src/persistence/points/postgres-request-log'
import { pooled } from '../../src/persistence/sql'
import { tillCall } from '../support/capillary-client'
import { type GraphAnswer, type GraphWorld, KEYS, openGraph } from '../support/graph-world'

/* What only doors could do before: bills and their returns, issuances, rewards with codes, groups. */

let graph: GraphWorld
let store: string
beforeAll(async () => {
  graph = await openGraph()
  const found = await graph.ask<{ stores: { nodes: { id: string }[] } }>('{ stores { nodes { id } } }')
  store = found.data?.stores.nodes[0]?.id ?? ''
}, 60_000)
afterAll(() => graph.close())

type Row = Readonly<Record<string, unknown>>

const identity = (number: number) => ({ door: 'annex', type: 'id', value: `m${number}@demo.example` })
const who = (number: number) => ({ identity: identity(number) })
const ERRORS = 'userErrors { code field message }'

async function mutate(field: string, input: object, selection: string = ERRORS): Promise<Row> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`
  const query = `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`
  const answer: GraphAnswer<Record<string, Row>> = await graph.ask(query, { input }, KEYS.admin)
  expect([answer.status, answer.errors]).toEqual([200, undefined])
  return answer.data?.[field] ?? {}
}

/** Everything that a rehearsal, or a repeat, must leave alone. */
const TABLES = ['members', 'member_identities', 'member_links', 'memberships', 'transactions', 'transaction_returns', 'issuances', 'issuance_grants', 'purchases', 'entry', 'lot', 'account', 'idempotency', 'requests', 'redemptions', 'redemption_reversals', 'points_requests', 'reward_codes', 'groups', 'group_members'] // prettier-ignore
async function fingerprint(): Promise<readonly unknown[]> {
  const sums = []
  for (const table of TABLES) {
    const rows = await graph.app.rows(
      `select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as sum from ${table} t`,
    )
    sums.push([table, rows])
  }
  return sums
}

const available = async (number: number): Promise<unknown> =>
  (await graph.ask<{ member: { points: Row } }>('query($i: IdentityInput) { member(identity: $i) { points { available } } }', { i: identity(number) })) // prettier-ignore
  .data?.member.points['available']

const BILL = `transaction { id billNumber type status points noPointsReason total { amount } tillCode store { code } outlierStatus
  lines { lineNo itemCode quantity amount { amount } quantityReturned points } payments { mode amount { amount } }
  returns { kind amount { amount } points } returnOf { kind points original { billNumber status } lines { lineNo quantity } } }
  member { firstName points { available } } available tierName ${ERRORS}`

const sale = (billNumber: string, more: object = {}) => ({
  billNumber,
  storeId: store,
  lines: [
    { itemCode: 'tea', quantity: '2', rate: '50' },
    { itemCode: 'cup', quantity: '1', rate: '120', discount: '20' },
  ],
  ...more,
})

describe('bills', () => {
  it('forgets the key of a bill after its retention, and no other', async () => {
    const requests = () =>
      graph.app.rows<{ key: string }>(`select key from requests where key like 'age-%' order by key`)
    await graph.app.rows(`insert into requests (tenant_id, scope, key, request_hash, answer, created_at)
      select tenant_id, 'test', 'age-' || days, sha256('x'), '{}', clock_timestamp() - days * interval '1 day'
        from tenants, unnest(array[1, 89, 91, 400]) days where key = 'demo' returning 1 as one`)
    const more = await pruning(new PostgresRequestLog(pooled(graph.app.dataSource))).run()
    expect(more).toBe(false)
    expect((await requests()).map(({ key }) => key)).toEqual(['age-1', 'age-89'])
  })

  it('a sale is stored with its lines and payments, and earns by the rule of the program', async () => {
    const input = sale('g-1', { ...who(10), payments: [{ mode: 'Cash', amount: '200' }], note: 'gift' })
    expect(await mutate('recordTransaction', input, BILL)).toMatchObject({
      userErrors: [],
      transaction: {
        billNumber: 'g-1',
        type: 'REGULAR',
        status: 'SHIPPED',
        points: '20',
        noPointsReason: null,
        total: { amount: '200' },
        tillCode: 'till.demo',
        store: { code: 'store1' },
        outlierStatus: 'NORMAL',
        lines: [
          { lineNo: 1, itemCode: 'tea', quantity: '2', amount: { amount: '100' }, points: '10' },
          { lineNo: 2, itemCode: 'cup', amount: { amount: '100' }, points: '10' },
        ],
        payments: [{ mode: 'Cash', amount: { amount: '200' } }],
      },
      member: { firstName: 'First10', points: { available: '130' } },
      available: '130',
      tierName: 'Silver',
    })
  })

  it('a sale to nobody known earns nothing and says why', async () => {
    expect(await mutate('recordTransaction', sale('g-nobody', { anonymous: true }), BILL)).toMatchObject({
      transaction: { type: 'NOT_INTERESTED', points: '0', noPointsReason: 'NO_MEMBER' },
      member: null,
      available: null,
      userErrors: [],
    })
  })

  it('the same number again is refused, as the till door refuses it; a repeat under its key is answered', async () => {
    const input = sale('g-2', { ...who(11), idempotencyKey: 'sale-2' })
    const first = await mutate('recordTransaction', input, BILL)
    const before = await fingerprint()
    expect(await mutate('recordTransaction', input, BILL)).toEqual(first)
    expect(await mutate('recordTransaction', { ...input, note: 'other' })).toMatchObject({
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    })
    expect(await mutate('recordTransaction', { ...input, idempotencyKey: null })).toMatchObject({
      userErrors: [{ code: 'DUPLICATE_BILL_NUMBER', field: 'billNumber' }],
    })
    expect(await fingerprint()).toEqual(before)
    const { body, ...call } = tillCall(
      { code: 'till.demo', password: 'till' },
      'POST',
      '/v2/transactions?identifierName=mobile&identifierValue=919740010011&source=INSTORE',
      { type: 'REGULAR', billNumber: 'g-2', billAmount: '1' },
    )
    const answer = await graph.app.server.inject({ ...call, method: 'POST', payload: body ?? '' })
    expect(answer.body).toContain('604')
  })

  it.each([
    ['nobody and not anonymous', {}, 'BAD_USER_INPUT'],
    ['a member and anonymous', { ...who(10), anonymous: true }, 'BAD_USER_INPUT'],
    ['a store that is none', { ...who(10), storeId: globalId('Member', '1') }, 'BAD_USER_INPUT'],
    ['a quantity of nothing', { ...who(10), lines: [{ itemCode: 'x', quantity: '0', rate: '1' }] }, 'BAD_USER_INPUT'],
    ['a line below nothing', { ...who(10), lines: [{ itemCode: 'x', quantity: '1', rate: '1', discount: '2' }] }, 'BAD_USER_INPUT'],
    ['a total below nothing', { ...who(10), total: '-1' }, 'BAD_USER_INPUT'],
    ['attributes that are no object', { ...who(10), attributes: [1] }, 'BAD_USER_INPUT'],
  ])('%s is refused before anything is stored', async (_what, more, code) => {
    const before = await fingerprint()
    const query = 'mutation($input: RecordTransactionInput!) { recordTransaction(input: $input) { userErrors { code } } }'
    const answer = await graph.ask(query, { input: sale('g-bad', more) })
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([400, code])
    expect(await fingerprint()).toEqual(before)
  }) // prettier-ignore

  it.each([
    ['a store that never was', () => ({ ...who(10), storeId: globalId('Store', '999') }), 'STORE_NOT_FOUND', 'storeId'],
    ['a till of another store', () => ({ ...who(10), tillCode: 'nope' }), 'STORE_NOT_FOUND', 'tillCode'],
    ['a day to come', () => ({ ...who(10), billedAt: '2099-01-01T00:00:00Z' }), 'DATE_IN_FUTURE', 'billedAt'],
    ['nobody', () => ({ identity: { ...identity(1), value: 'nobody' } }), 'MEMBER_NOT_FOUND', null],
  ])('%s is refused by a rule', async (_what, more, code, field) => {
    expect(await mutate('recordTransaction', sale('g-bad', more()))).toMatchObject({ userErrors: [{ code, field }] })
  }) // prettier-ignore

  it('comes back line by line, and then whole: every point goes once', async () => {
    const sold = await mutate('recordTransaction', sale('g-3', who(12)), BILL)
    const transactionId = (sold['transaction'] as { id: string }).id
    expect(await available(12)).toBe('130')
    const back = (more: object) => mutate('returnTransaction', { transactionId, ...more }, BILL)
    const line = { kind: 'LINE_ITEM', lines: [{ lineNo: 1, quantity: '1' }], idempotencyKey: 'back-1' }
    const first = await back(line)
    expect(first).toMatchObject({
      userErrors: [],
      transaction: {
        type: 'RETURN',
        status: 'RETURNED',
        returnOf: [{ kind: 'LINE_ITEM', points: '5', original: { billNumber: 'g-3', status: 'SHIPPED' }, lines: [{ lineNo: 1, quantity: '1' }] }],
      },
      available: '125',
    }) // prettier-ignore
    const before = await fingerprint()
    expect(await back(line)).toMatchObject({ transaction: { id: (first['transaction'] as Row)['id'] }, available: '125' }) // prettier-ignore
    expect(await fingerprint()).toEqual(before)
    expect(await back({ kind: 'FULL' })).toMatchObject({
      userErrors: [{ code: 'RETURN_REFUSED', message: expect.stringContaining('partly returned') as string }],
    })
    expect(await back({ kind: 'LINE_ITEM', lines: [{ lineNo: 1, quantity: '2' }] })).toMatchObject({
      userErrors: [{ code: 'RETURN_REFUSED' }],
    })
    expect(
      await back({ kind: 'LINE_ITEM', lines: [{ lineNo: 1, quantity: '1' }, { lineNo: 2, quantity: '1' }] }),
    ).toMatchObject({ userErrors: [], available: '110', transaction: { returnOf: [{ original: { status: 'RETURNED' } }] } }) // prettier-ignore
  })

  it.each([
    ['FULL', {}, '110', 'RETURNED'],
    ['CANCELED', {}, '110', 'CANCELED'],
    ['AMOUNT', { amount: '50' }, '125', 'SHIPPED'],
  ])('comes back as %s', async (kind, more, left, status) => {
    const number = { FULL: 13, CANCELED: 14, AMOUNT: 15 }[kind] ?? 0
    const sold = await mutate('recordTransaction', sale(`g-${kind}`, who(number)), BILL)
    const transactionId = (sold['transaction'] as { id: string }).id
    const rehearsed = await mutate('returnTransaction', { transactionId, kind, ...more, dryRun: true }, BILL)
    expect(await available(number)).toBe('130')
    const done = await mutate('returnTransaction', { transactionId, kind, ...more }, BILL)
    for (const answer of [rehearsed, done])
      expect(answer).toMatchObject({ userErrors: [], available: left, transaction: { returnOf: [{ kind, original: { status } }] } }) // prettier-ignore
  })

  it('of nobody known comes back to nobody, and moves no points', async () => {
    const sold = await mutate('recordTransaction', sale('g-anon', { anonymous: true }), BILL)
    const transactionId = (sold['transaction'] as { id: string }).id
    expect(await mutate('returnTransaction', { transactionId, kind: 'FULL' }, BILL)).toMatchObject({
      transaction: { type: 'NOT_INTERESTED_RETURN', returnOf: [{ points: '0' }] },
      member: null,
      userErrors: [],
    })
  })

  it.each([
    ['an amount of all', { kind: 'FULL', amount: '1' }],
    ['no amount of some money', { kind: 'AMOUNT' }],
    ['no lines of some lines', { kind: 'LINE_ITEM' }],
    ['not one line', { kind: 'LINE_ITEM', lines: [] }],
    ['less than nothing of a line', { kind: 'LINE_ITEM', lines: [{ lineNo: 1, quantity: '-1' }] }],
  ])('%s is no return', async (_what, more) => {
    const sold = await graph.ask<{ member: { transactions: { nodes: { id: string }[] } } }>('query($i: IdentityInput) { member(identity: $i) { transactions { nodes { id } } } }', { i: identity(10) }) // prettier-ignore
    const transactionId = sold.data?.member.transactions.nodes[0]?.id
    const query =
      'mutation($input: ReturnTransactionInput!) { returnTransaction(input: $input) { userErrors { code } } }'
    expect((await graph.ask(query, { input: { transactionId, ...more } })).status).toBe(400)
    expect(await mutate('returnTransaction', { transactionId: globalId('Transaction', '1'), kind: 'FULL' })).toMatchObject({ userErrors: [{ code: 'TRANSACTION_NOT_FOUND' }] }) // prettier-ignore
  })
})

describe('issuances', () => {
  const ISSUANCE = `issuance { id orderId state status points heldPoints returnedPoints total { amount } products { name } } member { firstName } available pending tierName ${ERRORS}`
  const input = { ...who(20), orderId: 'i-1', points: '40', total: '400', shipped: false, products: [{ name: 'Tour', quantity: '2' }] } // prettier-ignore

  it('grant what the client computed; parts ship, come back and are canceled', async () => {
    expect(await mutate('recordIssuance', { ...input, dryRun: true }, ISSUANCE)).toMatchObject({
      issuance: { state: 'PLACED', points: '40', products: [{ name: 'Tour' }] },
      pending: '40',
    })
    expect(await mutate('recordIssuance', input, ISSUANCE)).toMatchObject({
      userErrors: [],
      issuance: { orderId: 'i-1', state: 'PLACED', status: 'PLACED', points: '40', heldPoints: '40' },
      member: { firstName: 'First20' },
      available: '110',
      pending: '40',
    })
    expect(await mutate('recordIssuance', input)).toMatchObject({
      userErrors: [{ code: 'DUPLICATE_ISSUANCE' }],
    })
    const change = (more: object) => mutate('changeIssuance', { orderId: 'i-1', ...more }, ISSUANCE)
    const part = { move: 'SHIP', part: { points: '30', amount: '300' }, idempotencyKey: 'ship-30' }
    for (const _ of [1, 2])
      expect(await change(part)).toMatchObject({
        issuance: { heldPoints: '10' },
        available: '140',
        pending: '10',
      })
    expect(await change({ ...part, move: 'CANCEL' })).toMatchObject({ userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] }) // prettier-ignore
    expect(await change({ move: 'CANCEL', part: { points: '10', amount: '100' } })).toMatchObject({ pending: '0', issuance: { returnedPoints: '10', state: 'SHIPPED' } }) // prettier-ignore
    expect(await change({ move: 'RETURN' })).toMatchObject({ available: '110', issuance: { state: 'RETURNED', status: 'RETURNED' } }) // prettier-ignore
    expect(await change({ move: 'RETURN' })).toMatchObject({ userErrors: [{ code: 'CHANGE_NOT_ALLOWED' }] })
  })

  it('are rewritten, and the difference follows', async () => {
    await mutate('recordIssuance', { ...input, ...who(21), orderId: 'i-2', shipped: true })
    const rewrite = (more: object) => mutate('rewriteIssuance', { orderId: 'i-2', points: '50', total: '500', ...more }, ISSUANCE) // prettier-ignore
    expect(await rewrite({})).toMatchObject({ available: '160', issuance: { points: '50', total: { amount: '500' }, products: [] } }) // prettier-ignore
    expect(await rewrite({ points: '5' })).toMatchObject({ available: '115' })
    expect(await rewrite({ orderId: 'none' })).toMatchObject({ userErrors: [{ code: 'ISSUANCE_NOT_FOUND' }] })
    expect(await rewrite({ actionId: 999 })).toMatchObject({ userErrors: [{ code: 'ACTION_NOT_FOUND' }] })
  })
})

describe('an order that is changed under a key', () => {
  it('is changed once', async () => {
    await mutate('placeOrder', { ...who(22), orderId: 'k-1', lines: [{ productId: 'p', quantity: '3', unitPrice: '10' }] }) // prettier-ignore
    const back = {
      orderId: 'k-1',
      move: 'CANCEL',
      lines: [{ productId: 'p', quantity: '1' }],
      idempotencyKey: 'k',
    }
    const change = (more: object = {}) => mutate('changeOrder', { ...back, ...more }, `order { lines { canceledQuantity } } available tierName ${ERRORS}`) // prettier-ignore
    const first = await change()
    expect(first).toMatchObject({ order: { lines: [{ canceledQuantity: '1' }] }, available: '130' })
    expect(await change()).toEqual(first)
    expect(await change({ move: 'SHIP' })).toMatchObject({ userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] })
    expect(await change({ idempotencyKey: 'another' })).toMatchObject({ available: '120' })
  })
})

describe('rewards', () => {
  const REDEEMED = `rewardCode { code expiresAt } redemption { id points reversed code reward { name } rewardCode { code } } activity { kind points reason } balance { available } ${ERRORS}`

  it('hand over one code for each redemption, and the same one again to a repeat, also at the same moment', async () => {
    const input = { ...who(30), rewardId: '122', idempotencyKey: 'voucher' }
    const rehearsed = await mutate('redeemPoints', { ...input, dryRun: true }, REDEEMED)
    expect(rehearsed).toMatchObject({ rewardCode: { code: 'demo-CODE-1' }, balance: { available: '109' } })
    const twins = await Promise.all([1, 2, 3, 4].map(() => mutate('redeemPoints', input, REDEEMED)))
    for (const twin of twins) expect(twin).toEqual(twins[0])
    expect(twins[0]).toMatchObject({
      userErrors: [],
      rewardCode: { code: 'demo-CODE-1', expiresAt: null },
      redemption: { points: '1', reward: { name: 'Voucher' }, rewardCode: { code: 'demo-CODE-1' } },
      balance: { available: '109' },
    })
    expect(await mutate('redeemPoints', { ...input, idempotencyKey: 'another' })).toMatchObject({
      userErrors: [{ code: 'REWARD_SOLD_OUT', field: 'rewardId' }],
    })
    expect(await mutate('redeemPoints', { ...input, rewardId: '121' })).toMatchObject({
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    })
    expect(await available(30)).toBe('109')
    const { data } = await graph.ask('{ programs { rewards { rewardId available } } }')
    expect(data).toMatchObject({ programs: [{ rewards: [{ available: true }, { rewardId: '122', available: false }] }] }) // prettier-ignore
  })

  it('that cannot be paid for hand over nothing', async () => {
    const before = await fingerprint()
    expect(await mutate('redeemPoints', { ...who(31), rewardId: '121' })).toMatchObject({
      userErrors: [{ code: 'INSUFFICIENT_POINTS' }],
    })
    const changed = (await fingerprint()).filter((table, index) => JSON.stringify(table) !== JSON.stringify(before[index])) // prettier-ignore
    expect(changed).toEqual([])
  })

  it('are given back in part and whole, once for each key, with what is left told', async () => {
    const redeemed = await mutate('redeemPoints', { ...who(32), points: '60', billNumber: 'B-1' }, REDEEMED)
    const redemptionId = (redeemed['redemption'] as { id: string }).id
    const back = (more: object) => mutate('reverseRedemption', { redemptionId, ...more }, `redemption { reversed billNumber } points available lapsed balance { available lifetime } member { firstName } ${ERRORS}`) // prettier-ignore
    const part = { points: '20', idempotencyKey: 'give-20' }
    for (const more of [{ dryRun: true }, {}, {}])
      expect(await back({ ...part, ...more })).toMatchObject({
        redemption: { reversed: '20', billNumber: 'B-1' },
        ...{ points: '20', available: '20', lapsed: '0' },
        balance: { available: '70', lifetime: '110' },
        member: { firstName: 'First32' },
      })
    expect(await back({ points: '41' })).toMatchObject({
      userErrors: [{ code: 'REVERSAL_EXCEEDS_REDEMPTION' }],
    })
    expect(await back({})).toMatchObject({ points: '40', balance: { available: '110' } })
    expect(await back({})).toMatchObject({ userErrors: [{ code: 'REDEMPTION_REVERSED' }] })
    expect(await mutate('reverseRedemption', { redemptionId: globalId('Redemption', '1.1') })).toMatchObject({ userErrors: [{ code: 'REDEMPTION_NOT_FOUND' }] }) // prettier-ignore
  })
})

describe('groups', () => {
  const GROUP = `group { id groupId name members { isOwner member { firstName } } points { available } } member { firstName group { groupId } } ${ERRORS}`

  it('are made, joined and left; their owner leaves last', async () => {
    const input = { ...who(50), groupId: 'sawyers', name: 'The Sawyers' }
    expect(await mutate('createGroup', { ...input, dryRun: true }, GROUP)).toMatchObject({
      group: { groupId: 'sawyers', members: [{ isOwner: true, member: { firstName: 'First50' } }] },
      member: { group: { groupId: 'sawyers' } },
    })
    for (const _ of [1, 2])
      expect(await mutate('createGroup', input, GROUP)).toMatchObject({
        userErrors: [],
        group: { name: 'The Sawyers', members: [{ isOwner: true, member: { firstName: 'First50' } }] },
      })
    expect(await mutate('createGroup', { ...input, ...who(51) })).toMatchObject({ userErrors: [{ code: 'IDENTITY_TAKEN', field: 'groupId' }] }) // prettier-ignore
    for (const _ of [1, 2])
      expect(await mutate('joinGroup', { ...who(51), groupId: 'sawyers' }, GROUP)).toMatchObject({
        group: { members: [{ member: { firstName: 'First50' } }, { isOwner: false, member: { firstName: 'First51' } }] },
      }) // prettier-ignore
    expect(await mutate('leaveGroup', who(50))).toMatchObject({
      userErrors: [{ code: 'CHANGE_NOT_ALLOWED' }],
    })
    expect(await mutate('joinGroup', { ...who(51), groupId: 'none' })).toMatchObject({ userErrors: [{ code: 'GROUP_NOT_FOUND' }] }) // prettier-ignore
    expect(await mutate('leaveGroup', who(51), GROUP)).toMatchObject({ group: null, member: { group: null } })
    expect(await mutate('leaveGroup', who(51))).toMatchObject({ userErrors: [{ code: 'GROUP_NOT_FOUND' }] })
    expect(await mutate('leaveGroup', who(50), GROUP)).toMatchObject({ userErrors: [], group: null })
  })

  it('are paid into and out of by who is in them, and by nobody else', async () => {
    await mutate('createGroup', { ...who(52), groupId: 'pool', name: 'Pool' })
    const MOVED = `member { firstName } group { groupId points { available } } recipient { firstName } balance { available } activity { kind points } ${ERRORS}`
    const move = (input: object) => mutate('transferPoints', { points: '30', ...input }, MOVED)
    expect(await move({ ...who(52), toGroupId: 'pool', dryRun: true })).toMatchObject({ group: { points: { available: '30' } } }) // prettier-ignore
    const key = { idempotencyKey: 'pay-in' }
    for (const _ of [1, 2])
      expect(await move({ ...who(52), toGroupId: 'pool', ...key })).toMatchObject({
        userErrors: [],
        member: { firstName: 'First52' },
        recipient: null,
        group: { groupId: 'pool', points: { available: '30' } },
        balance: { available: '80' },
        activity: { kind: 'TRANSFER_OUT', points: '-30' },
      })
    expect(await move({ ...who(53), toGroupId: 'pool' })).toMatchObject({
      userErrors: [{ code: 'GROUP_NOT_FOUND' }],
    })
    expect(await move({ groupId: 'pool', toIdentity: identity(53) })).toMatchObject({ userErrors: [{ code: 'GROUP_NOT_FOUND' }] }) // prettier-ignore
    expect(await move({ groupId: 'pool', toGroupId: 'pool' })).toMatchObject({ userErrors: [{ code: 'INVALID_IDENTIFIER' }] }) // prettier-ignore
    expect(await move({ groupId: 'pool', toIdentity: identity(52), points: '31' })).toMatchObject({ userErrors: [{ code: 'INSUFFICIENT_POINTS' }] }) // prettier-ignore
    expect(await move({ groupId: 'pool', toIdentity: identity(52), points: '10' })).toMatchObject({
      ...{ member: null, recipient: { firstName: 'First52' }, balance: { available: '20' } },
    })
  })
})

describe('identities that are unlinked', () => {
  it('are forgotten with the linking value that only they said, and free for somebody else', async () => {
    const extra = { door: 'capillary', type: 'email', value: 'extra@demo.example' }
    const LINKED = `member { identities { type value } } ${ERRORS}`
    await mutate('linkIdentities', { ...who(60), identities: [extra] }, LINKED)
    expect(await mutate('linkIdentities', { ...who(61), identities: [extra] })).toMatchObject({ userErrors: [{ code: 'IDENTITY_TAKEN' }] }) // prettier-ignore
    expect(await mutate('unlinkIdentities', { ...who(61), identities: [extra] })).toMatchObject({ userErrors: [{ code: 'INVALID_IDENTIFIER' }] }) // prettier-ignore
    const gone = await mutate('unlinkIdentities', { ...who(60), identities: [{ ...extra, value: 'Extra@Demo.example' }] }, LINKED) // prettier-ignore
    expect(gone).toMatchObject({ userErrors: [] })
    expect(JSON.stringify(gone)).not.toContain('extra@')
    expect(await mutate('linkIdentities', { ...who(61), identities: [extra] }, LINKED)).toMatchObject({ userErrors: [] }) // prettier-ignore
  })
})
