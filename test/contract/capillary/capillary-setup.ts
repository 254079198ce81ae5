const PROGRAM = {
  key: 'main',
  programId: 1016,
  title: 'Default',
  default: true,
  pointsToCurrency: '0.75',
  expiry: { days: 365 },
  transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
  tiers: [
    { name: 'Silver', minLifetimePoints: 0 },
    { name: 'Gold', minLifetimePoints: 100, minSpend: '1000' },
  ],
}

export const mobile = (value: string) => [{ type: 'mobile', value, source: 'INSTORE', accountId: '' }]

/** An organization of its own with these flags, whose tills are `<key>.1` and `<key>.2` in store a, and `<key>.3` in store b. */
export const organization = (
  key: string,
  orgId: number,
  config: object,
  more: object = {},
  program: object = {},
) => ({
  key,
  name: key,
  sandbox: true,
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
  capillary: {
    orgId,
    region: 'india',
    tills: [
      { code: `${key}.1`, store: `${key}-a`, password: 'secret' },
      { code: `${key}.2`, store: `${key}-a`, password: 'secret' },
      { code: `${key}.3`, store: `${key}-b`, password: 'secret' },
    ],
    stores: [{ code: `${key}-b`, name: 'Store B', externalIds: ['X-1', 'X-2'] }],
    config,
    ...more,
  },
  programs: [{ ...PROGRAM, programId: orgId, ...program }],
  members: [{ ref: 'ann', firstName: 'Ann', identifiers: mobile('9100') }],
})

export const CAPILLARY_SETUP = {
  version: 1,
  tenants: [
    {
      key: 'shop',
      name: 'Shop',
      sandbox: true,
      timeZone: 'Asia/Kolkata',
      currency: 'INR',
      capillary: {
        orgId: 100458,
        region: 'india',
        tills: [
          { code: 'store.server', store: 'store1', password: 'server123' },
          { code: 'till.2', store: 'store2', password: 'server456' },
        ],
        stores: [{ code: 'store2', name: 'Second Store', externalIds: ['S-2', 'SAP-2'] }],
        oauthClients: [{ key: 'demo-key', secret: 'demo-secret', ttlSeconds: 300, till: 'store.server' }],
        extendedFields: {
          transaction: {
            ship_first_name: 'string',
            ship_last_name: 'string',
            checkin_date: 'datetime',
            checkout_date: 'datetime',
            loyal: 'boolean',
          },
          lineItem: { MetalRate: 'number', GrossWeight: 'number' },
        },
        customFields: { transaction: ['paymentmode'], lineItem: [] },
        tenders: { 'Card Payment': ['card_type'], Cash: ['currency'] },
      },
      programs: [PROGRAM],
      members: [
        {
          ref: 'tom',
          firstName: 'Tom',
          lastName: 'Sawyer',
          capillaryId: 98662653,
          identifiers: [
            ...mobile('919740011122'),
            { type: 'email', value: 'tom@example.com', source: 'INSTORE', accountId: '' },
            { type: 'email', value: 'tom@web.example.com', source: 'WEBSITE', accountId: '' },
            { type: 'cardnumber', value: 'GOLD400000000000000022020', source: 'INSTORE', accountId: '' },
          ],
        },
        { ref: 'blank', identifiers: mobile('9101') },
        { ref: 'blocked', status: 'BLOCKED', identifiers: mobile('9102') },
        { ref: 'fraud', status: 'FRAUD', identifiers: mobile('9103') },
        { ref: 'out', status: 'OPTED_OUT', identifiers: mobile('9104') },
        { ref: 'inactive', status: 'INACTIVE', identifiers: mobile('9105') },
      ],
    },
    organization('bytill', 2001, { CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_TILL: true }),
    organization('bystore', 2002, {
      CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_STORE: true,
      CONF_LOYALTY_BILL_NUMBER_UNIQUE_IN_DAYS: 7,
    }),
    organization('free', 2003, {
      CONF_LOYALTY_IS_BILL_NUMBER_UNIQUE: false,
      CONF_LOYALTY_IS_BILL_NUMBER_REQUIRED: false,
      CONF_ORG_DISABLE_MACHINE_TIME_CONV: true,
      'auth.errorBody': 'xml',
      CONF_MIN_BILLING_DATE: '2026-01-01',
    }),
    organization(
      'strict',
      2004,
      {
        CONF_CLIENT_IS_BILL_AMOUNT_ZERO: false,
        CONF_LOYALTY_MIN_BILL_AMOUNT: '10',
        CONF_LOYALTY_MAX_BILL_AMOUNT: '5000',
        CONF_LOYALTY_MAX_BILL_LINEITEM_AMOUNT: '1000',
        CONF_OUTLIER_ITEM_SKU: 'GIFT,WRAP',
        BILL_OUTLIER_BASKET_SIZE_LIMIT: 20,
        MARK_BILLS_OUTLIER_STARTING_WITH: 'TEST',
        MARK_BILLS_OUTLIER_FROM_STORE: 'strict-b',
        BILL_NUMBER_WISE_IGNORE_POINTS: true,
        IGNORE_POINTS_FOR_BILL_NUMBER_STARTS_WITH: 'NOPTS',
        CONF_CURRENCY_CONVERSION_ENABLE: true,
        AMOUNT_ROUNDING_OFF_TO_DECIMAL_PLACES: 0,
      },
      { currencyRatios: { USD: '83.10', EUR: '90' } },
      { pointsDecimals: 2, transactions: { pointsPerCurrencyUnit: '0.105', basis: 'bill-net' } },
    ),
    organization('closed', 2005, { CONF_CLIENT_V2_API_ENABLED: false }),
  ],
}

export const TILL = { code: 'store.server', password: 'server123' }
export const SECOND_TILL = { code: 'till.2', password: 'server456' }
export const tillOf = (key: string, number = 1) => ({ code: `${key}.${number}`, password: 'secret' })
