import { Duration, IANAZone } from 'luxon'
import { z } from 'zod'
import { CAPILLARY_CONFIG, CAPILLARY_OPERATIONS, CAPILLARY_RESOURCES } from './capillary-config'

/** A key that the format names and this server does not serve yet: only a value that switches it off is taken. */
const notYet = (...off: readonly unknown[]) =>
  z
    .unknown()
    .refine((value) => value === undefined || off.some((allowed) => same(value, allowed)), {
      error: 'is not supported yet',
    })
    .optional()
    .meta({ description: 'Not supported yet.' })

/** A figure of at most so many digits before its point and behind it; says what is wrong with another. */
function figure(digits: number, decimals: number, form: string) {
  const pattern = new RegExp(`^\\d{1,${digits}}(\\.\\d{1,${decimals}})?$`)
  const wrong = (text: string): string => {
    if (/^-\d+(\.\d+)?$/.test(text)) return 'must not be negative'
    const [, before = '', behind = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
    if (behind.length > decimals) return `must not have more than ${decimals} decimals`
    if (before.length > digits) return `must not have more than ${digits} digits before the point`
    return `must be ${form}`
  }
  const missing = ({ input }: { input?: unknown }) =>
    input === undefined ? 'is required' : `must be ${form}`
  return z.union([
    z.string({ error: missing }).regex(pattern, { error: ({ input }) => wrong(String(input)) }),
    z
      .number({ error: missing })
      .int({ error: `must be a whole number, or ${form}` })
      .nonnegative({ error: 'must not be negative' })
      .max(10 ** digits - 1, { error: `must not have more than ${digits} digits before the point` }),
  ])
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Decimal text, so that nothing is rounded on the way; a whole number may also be written as a number. */
const decimal = figure(13, 6, 'decimal text, such as "0.75"')
const pointsFigure = figure(12, 3, 'points as decimal text, such as "12.5"')
const positivePoints = pointsFigure.refine((value) => value === '' || Number(value) !== 0, {
  error: 'must be more than zero',
})
const text = (max = 255) => z.string().trim().min(1, { error: 'must not be empty' }).max(max)
const id = z.union([text(), z.int().nonnegative()])
const actionId = z.int().positive().max(2_147_483_647)
const numberId = z.int().positive()
/** What a tenant's key looks like, and those of programs. */
export const KEY = /^[a-z0-9-]{1,40}$/
const name = z.string().regex(KEY, { error: 'must match [a-z0-9-]{1,40}' })
const timeZone = z
  .string()
  .refine((value) => IANAZone.isValidZone(value), { error: 'is not an IANA time zone' })
const instant = z.iso.datetime({ offset: true, error: 'must be an instant, such as 2090-04-28T06:02:06Z' })
const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code' })
/** More than no time at all, and not so long that a calendar ends. */
const duration = z.string().refine(
  (value) => {
    const length = /^P[^-]*$/.test(value) ? Duration.fromISO(value) : Duration.invalid('sign')
    return length.isValid && length.toMillis() > 0 && length.as('years') <= 100
  },
  { error: 'must be an ISO 8601 duration, such as P1D' },
)
/** It becomes part of property names: Credit[travel]. */
const bucket = z.string().regex(/^[A-Za-z0-9][\w -]{0,29}$/, {
  error: 'must be up to 30 letters, digits, blanks, dashes and underscores',
})
const scalar = z.union([z.string(), z.number(), z.boolean()])

const apiKey = z.strictObject({
  name: text(60),
  key: z.string().min(8, { error: 'must have at least 8 characters' }).max(255),
  scopes: z.array(z.enum(['read', 'write', 'admin'])).min(1),
})

const annex = z.strictObject({
  siteId: id,
  siteName: text().optional(),
  secrets: z.array(text()).min(1),
  settings: z
    .strictObject({
      program: text().optional(),
      customizeOrderDate: z.boolean().default(false),
      secondaryKey: z.boolean().default(false),
      negativePoints: z.boolean().default(false),
      autoGroupRedemption: z.boolean().default(false),
      extendedAttributes: notYet('permissive'),
      creditsToCurrencyDecimals: z.union([z.literal(2), z.null()]).default(null),
      earnedPointsPeriod: z
        .enum(['calendar year', 'anniversary year', 'semester', 'quarter'])
        .nullable()
        .default(null),
    })
    .prefault({}),
})

const till = z.strictObject({ code: text(60), store: text(60), password: text() })
const fieldType = z.enum(['string', 'number', 'boolean', 'datetime'])

const capillary = z.strictObject({
  orgId: z.int().positive(),
  region: z.enum(['india', 'asia-1', 'asia-2', 'eu', 'us', 'china', 'demo']),
  tills: z.array(till).min(1),
  stores: z
    .array(
      z.strictObject({
        code: text(60),
        name: text().optional(),
        externalIds: z.array(text()).max(3).default([]),
      }),
    )
    .default([]),
  oauthClients: z
    .array(
      z.strictObject({
        key: text(),
        secret: text(),
        ttlSeconds: z.int().min(1).max(86_400),
        till: text(60),
        permissions: z
          .partialRecord(z.enum(CAPILLARY_RESOURCES), z.enum(['none', 'view', 'modify']))
          .default({})
          .meta({
            description: 'What the key may do with a group of resources; modify where it is not named.',
          }),
      }),
    )
    .default([]),
  config: z.strictObject(CAPILLARY_CONFIG).prefault({}),
  extendedFields: z
    .strictObject({
      transaction: z.record(text(), fieldType).default({}),
      lineItem: z.record(text(), fieldType).default({}),
    })
    .prefault({}),
  customFields: z
    .strictObject({ transaction: z.array(text()).default([]), lineItem: z.array(text()).default([]) })
    .prefault({}),
  itemAttributes: z
    .array(text())
    .default([])
    .meta({ description: 'Attributes that lines of a sale may have; any where none is listed.' }),
  tenders: z.record(text(), z.array(text())).default({}),
  currencyRatios: z.record(currency, decimal).default({}),
  rateLimits: z
    .partialRecord(z.enum(CAPILLARY_OPERATIONS), z.int().nonnegative().max(1_000_000))
    .default({})
    .meta({
      description: 'Calls a minute and credential, in place of the figures of the region; 0 lifts a limit.',
    }),
  redemptions: z.boolean().default(true),
})

const expiry = z.union([
  z.literal('never'),
  z.strictObject({ days: z.int().positive().max(36_500) }),
  z.strictObject({ months: z.int().positive().max(1_200), endOfMonth: z.boolean().default(false) }),
])

/** Ours: the format of setups has no word for it. See docs/decisions/0035. */
const tierPeriod = z
  .strictObject({
    of: z.union([z.literal('calendar-year'), z.strictObject({ months: z.int().positive().max(120) })]),
    keep: z
      .union([
        z.enum(['none', 'year-end', 'next-year-end']),
        z.strictObject({ months: z.int().positive().max(120) }),
      ])
      .default('none')
      .meta({
        description: 'How long a tier stays that was reached, whatever the figures of the period say.',
      }),
  })
  .meta({ description: 'The past that minPeriodPoints and minPeriodSpend of tiers look at.' })

const program = z.strictObject({
  key: name,
  programId: numberId,
  title: text().optional(),
  default: z.boolean().default(false),
  pointsDecimals: z.int().min(0).max(3).default(0),
  pointsToCurrency: decimal.optional(),
  expiry: expiry.default('never'),
  purchase: z
    .strictObject({
      actionId,
      ratio: decimal,
      hold: z.enum(['none', 'order-placed', 'item-ship', 'all-item-ship-date']).default('none'),
      holdDays: z.int().min(0).max(3_650).default(0),
    })
    .optional(),
  issuance: z.strictObject({ actionId }).optional(),
  transactions: z
    .strictObject({
      pointsPerCurrencyUnit: decimal,
      basis: z.enum(['line-net', 'bill-net']).default('line-net'),
    })
    .optional(),
  actions: z
    .array(
      z.strictObject({
        actionId,
        name: text(),
        award: positivePoints,
        maxPoints: positivePoints.optional(),
        per: z.enum(['lifetime', 'day', 'week', 'month', 'year']).optional(),
        coolDown: duration.optional(),
        holdDays: z.int().min(1).max(3650).optional(),
      }),
    )
    .default([]),
  tierPeriod: tierPeriod.optional(),
  tiers: z
    .array(
      z.strictObject({
        name: text(60),
        minLifetimePoints: pointsFigure.optional(),
        minSpend: decimal.optional(),
        minPeriodPoints: pointsFigure
          .optional()
          .meta({ description: "Points of the program's tierPeriod that reach the tier." }),
        minPeriodSpend: decimal
          .optional()
          .meta({ description: "Spend of the program's tierPeriod that reaches the tier." }),
        purchaseRatio: decimal.optional(),
      }),
    )
    .default([]),
  rewards: z
    .array(
      z.strictObject({
        rewardId: id,
        name: text(),
        cost: positivePoints,
        codes: z.array(text()).max(100_000).default([]),
        category: text().optional(),
        categoryId: id.optional(),
        description: text(4_000).optional(),
        terms: text(10_000).optional(),
        attribute: text().optional(),
        url: text(2_000).optional(),
        imageUrl: text(2_000).optional(),
        codeDays: z.int().positive().max(36_500).optional(),
      }),
    )
    .default([]),
  alternateCurrencies: z
    .array(
      z.strictObject({
        identifier: z.string().regex(/^[A-Za-z0-9][\w-]{0,29}$/, {
          error: 'must be up to 30 letters, digits, dashes and underscores',
        }),
        name: text(60),
        perCurrencyUnit: decimal.meta({
          description: 'Earned by transactions per unit of money; 0: not any more.',
        }),
      }),
    )
    .default([])
    .meta({ description: 'Currencies that transactions earn beside points, in wallets of their own.' }),
  buckets: z.array(bucket).default([]),
})

const member = z.strictObject({
  ref: text(60),
  firstName: z.string().max(255).optional(),
  lastName: z.string().max(255).optional(),
  email: z.email({ error: 'is not an e-mail address' }).max(320).optional(),
  status: z.enum(['ACTIVE', 'BLOCKED', 'FRAUD', 'OPTED_OUT', 'INACTIVE']).default('ACTIVE'),
  annexId: text(320).optional(),
  capillaryId: z.int().positive().optional(),
  identifiers: z
    .array(
      z.strictObject({
        type: z.enum([
          'mobile',
          'email',
          'externalId',
          'wechat',
          'martjackId',
          'fbId',
          'cardnumber',
          'cardExternalId',
        ]),
        value: text(320),
        source: text(60).default('INSTORE'),
        accountId: z.string().max(60).default(''),
      }),
    )
    .default([]),
  credits: z
    .array(
      z.strictObject({
        ref: text(60),
        points: positivePoints,
        expires: z.union([z.literal('never'), instant]).default('never'),
        lifetime: z.boolean().default(true),
      }),
    )
    .default([]),
})

const tenant = z.strictObject({
  key: name,
  name: text(),
  sandbox: z.boolean().default(false),
  timeZone: timeZone.default('UTC'),
  currency,
  identityLinking: z.array(z.enum(['email', 'mobile', 'externalId'])).default(['email']),
  apiKeys: z.array(apiKey).default([]),
  annex: annex.optional(),
  capillary: capillary.optional(),
  programs: z.array(program).min(1),
  stores: z
    .array(
      z.strictObject({
        storeId: text(60),
        storeName: text().optional(),
        attributes: z.record(text(), scalar).default({}),
      }),
    )
    .default([]),
  members: z.array(member).default([]),
  groups: z
    .array(
      z.strictObject({
        groupId: id,
        name: text().optional(),
        owner: text(60),
        members: z.array(text(60)).default([]),
      }),
    )
    .default([]),
  demoHistory: z
    .strictObject({ members: z.int().min(0).max(5_000), years: z.number().positive().max(10), seed: z.int() })
    .optional()
    .meta({
      description:
        'A past for a sandbox, made once when an embedded database is first created; ignored elsewhere.',
    }),
})

/** The setup document, as `setup-format.md` names its keys. Unknown keys are refused. */
export const setupSchema = z.strictObject({ version: z.literal(1), tenants: z.array(tenant).min(1) })

export type SetupDocument = z.output<typeof setupSchema>
export type TenantDocument = SetupDocument['tenants'][number]
export type ProgramDocument = TenantDocument['programs'][number]
export type MemberDocument = TenantDocument['members'][number]

/** The JSON Schema of the document (draft 2020-12), for editors and for `GET /admin/setup/schema`. */
export const setupJsonSchema = (): object =>
  z.toJSONSchema(setupSchema, { io: 'input', unrepresentable: 'any' })
