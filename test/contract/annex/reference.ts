import { pinnedDocument, type Schema } from '../../support/pinned-contract'

export const SITE = { siteId: '77002', secret: 'examples-annex-secret' }
export const TOM = 'user@domain.com'
export const FRIEND = 'r00.000@annexcloud.com'

/** A site in which every example of the reference can be sent. */
export const SETUP = {
  version: 1,
  tenants: [
    {
      key: 'examples',
      name: 'Examples',
      sandbox: true,
      currency: 'USD',
      annex: { siteId: SITE.siteId, secrets: [SITE.secret], settings: { negativePoints: true } },
      programs: [
        {
          key: 'main',
          programId: 1,
          default: true,
          expiry: { days: 365 },
          purchase: { actionId: 109, ratio: '1' },
          issuance: { actionId: 174 },
          actions: [{ actionId: 101, name: 'Sign-up', award: 250 }],
          tiers: [{ name: 'Silver', minLifetimePoints: 0 }],
          rewards: [
            {
              rewardId: '121',
              name: 'Premium Member Discount',
              cost: 300,
              url: 'https://shop.example/121',
              imageUrl: 'https://shop.example/121.png',
            },
          ],
          buckets: ['bucketName'],
        },
      ],
      stores: [{ storeId: 'IN12369', storeName: 'SHELL', attributes: { storeExtendedAttribute: 'Corner' } }],
      members: [
        { ref: 'tom', annexId: TOM, credits: [{ ref: 'opening', points: 100000 }] },
        { ref: 'friend', annexId: FRIEND, email: FRIEND, firstName: 'Ann', lastName: 'Exley' },
      ],
      groups: [{ groupId: '91', name: 'Loyalty Circle', owner: 'tom', members: ['friend'] }],
    },
  ],
}

export type Body = Record<string, unknown>

const schemas = pinnedDocument('annex').components['schemas'] as Readonly<
  Record<string, Schema & { examples?: unknown[] }>
>

/** What the reference prints for a schema; for what it only describes, something of its type. */
export function exampleOf(schema: Schema & { readonly examples?: readonly unknown[] }): unknown {
  const named = schema.$ref ? schemas[schema.$ref.split('/').at(-1)!] : undefined
  const [example] = schema.examples ?? (schema.example === undefined ? [] : [schema.example])
  const isDescription = typeof example === 'string' && example.startsWith('|')
  if (example !== undefined && !isDescription) return example
  const { type, properties, items, anyOf } = { ...named, ...schema }
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one)]))
  }
  if (items) return [exampleOf(items)]
  if (anyOf) return exampleOf(anyOf[0]!)
  if (type === 'object') return { attributeValue: 'shirt size' }
  return type === 'integer' || type === 'number' ? 1 : 'text'
}

/** A body as the reference prints it, whole. */
export const example = (name: string): Body => exampleOf(schemas[name]!) as Body
