import fc from 'fast-check'
import type { DoorRequest } from '../support/door-world'
import { ADMIN_KEY } from '../support/test-app'
import { change, changed, type Value, written } from './evil'

/** A tenant of its own, which may come out of this in any state. */
const SETUP: Value = {
  version: 1,
  tenants: [
    {
      key: 'scrap',
      name: 'Scrap',
      sandbox: true,
      timeZone: 'Asia/Kolkata',
      currency: 'INR',
      identityLinking: ['email'],
      apiKeys: [{ name: 'front', key: 'scrap-key-1', scopes: ['read'] }],
      annex: { siteId: '8890', secrets: ['scrap'], settings: { negativePoints: true } },
      capillary: {
        orgId: 8890,
        region: 'india',
        tills: [{ code: 'scrap.1', store: 'scrap', password: 'scrap' }],
        stores: [{ code: 'scrap', name: 'Scrap', externalIds: ['S'] }],
        oauthClients: [{ key: 'scrap', secret: 'scrap', ttlSeconds: 300, till: 'scrap.1' }],
        config: { CONF_LOYALTY_MIN_BILL_AMOUNT: '10' },
        extendedFields: { transaction: { a: 'string' }, lineItem: {} },
        tenders: { Cash: ['currency'] },
        currencyRatios: { USD: '83.1' },
      },
      programs: [
        {
          key: 'main',
          programId: 8890,
          default: true,
          expiry: { days: 365 },
          purchase: { actionId: 109, ratio: '1', hold: 'item-ship', holdDays: 3 },
          transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
          actions: [
            { actionId: 101, name: 'Sign-up', award: 250, maxPoints: 500, per: 'year', coolDown: 'P1D' },
          ],
          tiers: [
            { name: 'Silver', minLifetimePoints: 0 },
            { name: 'Gold', minLifetimePoints: 10, minSpend: '5' },
          ],
          rewards: [{ rewardId: '1', name: 'Reward', cost: 5, codes: ['A'] }],
          buckets: ['travel'],
        },
      ],
      stores: [{ storeId: 'S', storeName: 'S', attributes: { a: 1 } }],
      members: [
        { ref: 'ann', email: 'ann@scrap.example', annexId: 'ann', credits: [{ ref: 'c', points: 5 }] },
      ],
      groups: [{ groupId: 'g', name: 'G', owner: 'ann', members: [] }],
    },
  ],
}

const call = (method: string, url: string, value: Value): DoorRequest => ({
  method,
  url,
  headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
  body: written(value),
})

const bent = (value: Value): fc.Arbitrary<Value> =>
  fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => changes.reduce<Value>(changed, value))

/** Setup documents, moves of a clock and drains, each with something wrong. */
export const adminRequests: fc.Arbitrary<DoorRequest> = fc.oneof(
  { weight: 6, arbitrary: bent(SETUP).map((value) => call('PUT', '/admin/setup', value)) },
  {
    weight: 2,
    arbitrary: bent({ now: '2026-02-01T00:00:00Z' }).map((value) =>
      call('POST', '/admin/tenants/scrap/clock', value),
    ),
  },
  {
    weight: 1,
    arbitrary: bent({ advanceSeconds: 3600 }).map((value) =>
      call('POST', '/admin/tenants/scrap/clock', value),
    ),
  },
  { weight: 1, arbitrary: bent({}).map((value) => call('POST', '/admin/tenants/nobody/reset', value)) },
  {
    weight: 1,
    arbitrary: bent({ tenant: 'scrap' }).map((value) => call('POST', '/admin/jobs/drain', value)),
  },
)
