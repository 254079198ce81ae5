/** The tenants that the contract examples speak of: the documented credentials, and neighbours to tell them from. */
export const CONTRACT_SETUP = {
  version: 1,
  tenants: [
    {
      key: 'demo',
      name: 'Demo Retail',
      sandbox: true,
      timeZone: 'Asia/Kolkata',
      currency: 'INR',
      annex: { siteId: '29235480', siteName: 'demo', secrets: ['demo-annex-secret', 'second-annex-secret'] },
      capillary: {
        orgId: 100458,
        region: 'india',
        tills: [{ code: 'store.server', store: 'store1', password: 'server123' }],
        stores: [{ code: 'store1', name: 'Store One', externalIds: ['S-1'] }],
        extendedFields: {
          transaction: { ship_first_name: 'string', checkin_date: 'datetime' },
          lineItem: { MetalRate: 'number' },
        },
        customFields: { transaction: ['paymentmode'], lineItem: [] },
        tenders: { 'Card Payment': ['card_type'], Cash: ['currency'] },
      },
      programs: [
        {
          key: 'main',
          programId: 1016,
          title: 'Default',
          default: true,
          pointsToCurrency: '0.75',
          expiry: { days: 365 },
          purchase: { actionId: 109, ratio: '1' },
          issuance: { actionId: 174 },
          transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
          tiers: [
            { name: 'Silver', minLifetimePoints: 0 },
            { name: 'Gold', minLifetimePoints: 1000, minSpend: '5000', purchaseRatio: '2' },
          ],
        },
      ],
      stores: [{ storeId: 'IN12369', storeName: 'SHELL' }],
      members: [
        {
          ref: 'tom',
          firstName: 'Tom',
          lastName: 'Sawyer',
          email: 'user@domain.com',
          annexId: 'user@domain.com',
          capillaryId: 98662653,
          identifiers: [
            { type: 'mobile', value: '919740011122', source: 'INSTORE', accountId: '' },
            { type: 'cardnumber', value: 'GOLD400000000000000022020', source: 'INSTORE', accountId: '' },
          ],
        },
        { ref: 'new', annexId: 'jane+new@domain.com' },
        { ref: 'number', annexId: '4711' },
        {
          ref: 'rich',
          annexId: 'rich@domain.com',
          credits: [{ ref: 'opening', points: 6620, expires: '2090-04-28T06:02:06Z' }],
        },
        { ref: 'blocked', annexId: 'blocked@domain.com', status: 'BLOCKED' },
        { ref: 'fraud', annexId: 'fraud@domain.com', status: 'FRAUD' },
        { ref: 'inactive', annexId: 'inactive@domain.com', status: 'INACTIVE' },
        { ref: 'out', annexId: 'out@domain.com', status: 'OPTED_OUT' },
      ],
    },
    {
      key: 'points',
      name: 'Points in Full',
      sandbox: true,
      currency: 'USD',
      apiKeys: [{ name: 'front', key: 'points-graphql-key', scopes: ['read', 'write'] }],
      annex: {
        siteId: '99383640',
        secrets: ['points-annex-secret'],
        settings: { earnedPointsPeriod: 'calendar year' },
      },
      programs: [
        {
          key: 'main',
          programId: 77,
          default: true,
          expiry: { days: 365 },
          pointsToCurrency: '0.01',
          purchase: { actionId: 109, ratio: '1' },
          actions: [
            { actionId: 101, name: 'Sign-up', award: 250 },
            { actionId: 102, name: 'Review', award: 50, maxPoints: 80, per: 'day' },
            { actionId: 103, name: 'Visit', award: 10, coolDown: 'P2D' },
            { actionId: 104, name: 'Once', award: 50, maxPoints: 50, per: 'lifetime' },
          ],
          tiers: [
            { name: 'Silver', minLifetimePoints: 0 },
            { name: 'Gold', minLifetimePoints: 1000, purchaseRatio: '2' },
          ],
          rewards: [
            {
              rewardId: '121',
              name: 'Premium Member Discount',
              cost: 300,
              category: 'Nee Reward01',
              categoryId: 413,
              description: 'Get 25% off your first product purchase.',
              terms: 'While stocks last.',
              attribute: 'Vat',
              codeDays: 30,
              codes: ['AC-1', 'AC-2', 'AC-3'],
            },
            { rewardId: '122', name: 'Free delivery', cost: 100 },
            {
              rewardId: '123',
              name: 'Car',
              cost: 1000000,
              codes: ['CAR-1'],
              imageUrl: 'https://example.com/car',
            },
          ],
          buckets: ['travel', 'green'],
        },
      ],
      stores: [
        {
          storeId: 'IN12369',
          storeName: 'SHELL',
          attributes: { storeExtendedAttribute: 'Store Location' },
        },
      ],
      members: [
        {
          ref: 'tom',
          email: 'user@domain.com',
          firstName: 'Tom',
          annexId: 'user@domain.com',
          credits: [{ ref: 'opening', points: 900, expires: '2090-04-28T06:02:06Z' }],
        },
        { ref: 'friend', annexId: 'r00.000@annexcloud.com' },
        { ref: 'loner', annexId: 'loner@domain.com' },
        { ref: 'blocked', annexId: 'blocked@domain.com', status: 'BLOCKED' },
        { ref: 'out', annexId: 'out@domain.com', status: 'OPTED_OUT' },
      ],
      groups: [{ groupId: '91', name: 'Loyalty Circle', owner: 'tom', members: ['friend'] }],
    },
    {
      key: 'debts',
      name: 'Debts and Groups that Pay',
      sandbox: true,
      currency: 'USD',
      annex: {
        siteId: '9991377',
        secrets: ['debts-annex-secret'],
        settings: { negativePoints: true, autoGroupRedemption: true },
      },
      programs: [
        {
          key: 'main',
          programId: 78,
          default: true,
          pointsDecimals: 2,
          tiers: [{ name: 'Silver', minLifetimePoints: 0 }],
          rewards: [{ rewardId: '121', name: 'Voucher', cost: 300, codes: ['D-1', 'D-2'] }],
        },
      ],
      members: [
        { ref: 'tom', annexId: 'user@domain.com', credits: [{ ref: 'opening', points: 100 }] },
        { ref: 'loner', annexId: 'loner@domain.com' },
      ],
      groups: [{ groupId: '91', owner: 'tom' }],
    },
    {
      key: 'dated',
      name: 'Backdated Orders',
      sandbox: true,
      currency: 'USD',
      annex: {
        siteId: '9991331',
        secrets: ['dated-annex-secret'],
        settings: { program: 'second', customizeOrderDate: true, creditsToCurrencyDecimals: 2 },
      },
      programs: [
        { key: 'main', programId: 1, default: true, purchase: { actionId: 109, ratio: '1' } },
        {
          key: 'second',
          programId: 2,
          pointsDecimals: 2,
          pointsToCurrency: '0.333',
          expiry: { days: 90 },
          purchase: { actionId: 109, ratio: '0.5' },
        },
      ],
      members: [
        { ref: 'tom', annexId: 'user@domain.com' },
        { ref: 'elsewhere', annexId: 'elsewhere@domain.com' },
      ],
    },
    {
      key: 'keyed',
      name: 'Lines with Second Keys',
      sandbox: true,
      currency: 'USD',
      annex: { siteId: '9991332', secrets: ['keyed-annex-secret'], settings: { secondaryKey: true } },
      programs: [{ key: 'main', programId: 1, default: true, purchase: { actionId: 109, ratio: '1' } }],
      members: [{ ref: 'tom', annexId: 'user@domain.com' }],
    },
    {
      key: 'plain',
      name: 'No Rule for Orders',
      sandbox: true,
      currency: 'USD',
      annex: { siteId: '146031180', secrets: ['plain-annex-secret'] },
      programs: [{ key: 'main', programId: 1, default: true }],
      members: [{ ref: 'tom', annexId: 'user@domain.com' }],
    },
  ],
}

/** Who signs what at the Annex door. */
export const ANNEX_SITES: Readonly<Record<string, { readonly siteId: string; readonly secret: string }>> = {
  demo: { siteId: '29235480', secret: 'demo-annex-secret' },
  keyed: { siteId: '9991332', secret: 'keyed-annex-secret' },
  plain: { siteId: '146031180', secret: 'plain-annex-secret' },
  points: { siteId: '99383640', secret: 'points-annex-secret' },
  debts: { siteId: '9991377', secret: 'debts-annex-secret' },
  dated: { siteId: '9991331', secret: 'dated-annex-secret' },
}

/** Who signs in at the Capillary door. */
export const CAPILLARY_TILLS: Readonly<Record<string, { readonly code: string; readonly password: string }>> =
  {
    demo: { code: 'store.server', password: 'server123' },
  }
