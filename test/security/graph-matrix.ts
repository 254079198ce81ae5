import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { globalId } from '../../src/graphql/shared/global-id'
import { scopeOf } from '../../src/graphql/shared/scope'
import { annexToken } from '../support/annex-client'
import { basic } from '../support/capillary-client'
import { argumentsOf, PUBLISHED, selectionOf } from '../support/selections'
import { ADMIN_KEY } from '../support/test-app'
import type { TokenIssuer } from '../support/token-issuer'
import { HERON, IBIS, nameOf, personalOf, privateOf, type TwinWorld } from '../support/twin-world'
import { type GraphRule, type Ids } from './graph-rules'

/** What a caller of the graph is to this tenant. */
export type Standing = 'nobody' | 'reader' | 'writer' | 'admin' | 'self' | 'other member' | 'stranger'

export interface GraphCaller {
  readonly name: string
  readonly standing: Standing
  readonly credential: string | undefined
}

/** Everybody who might call about what belongs to HERON. */
export async function graphCallers(
  issuer: TokenIssuer,
  capillaryToken: string,
): Promise<readonly GraphCaller[]> {
  const past = Math.floor(Date.now() / 1000) - 3_600
  const token = (claims: Readonly<Record<string, unknown>>) => issuer.token(claims)
  const nobody: readonly (readonly [string, string | undefined])[] = [
    ['without a credential', undefined],
    ['with a key that is none', 'no-such-key'],
    ['with a key that was withdrawn', 'heron-withdrawn-key'],
    ['with a key in another case', HERON.apiKeys.admin.toUpperCase()],
    ['with the key of the admin door', ADMIN_KEY],
    ['with a token of the Annex door', annexToken(HERON.site, '')],
    ['with a password of the Capillary door', basic(HERON.till)],
    ['with a token of the Capillary door', capillaryToken],
    ['with a token that has expired', await token({ tenant: 'heron', scope: 'read write admin', exp: past })],
    ['with a token of a tenant that is none', await token({ tenant: 'nobody', scope: 'read write admin' })],
    ['with a token of a member of the other tenant', await token({ tenant: 'heron', member: IBIS.annexId })],
  ]
  return [
    ...nobody.map(([name, credential]): GraphCaller => ({ name, standing: 'nobody', credential })),
    { name: 'with a key to read', standing: 'reader', credential: HERON.apiKeys.reader },
    { name: 'with a key to write', standing: 'writer', credential: HERON.apiKeys.writer },
    { name: 'with a key for everything', standing: 'admin', credential: HERON.apiKeys.admin },
    {
      name: 'with a service token to read',
      standing: 'reader',
      credential: await token({ tenant: 'heron', scope: 'read' }),
    },
    {
      name: "with the buyer's own token",
      standing: 'self',
      credential: await token({ tenant: 'heron', member: HERON.annexId, scope: 'read write admin' }),
    },
    {
      name: "with another member's token",
      standing: 'other member',
      credential: await token({ tenant: 'heron', member: HERON.otherAnnexId }),
    },
    { name: 'with the key of the other tenant', standing: 'stranger', credential: IBIS.apiKeys.admin },
    {
      name: 'with a service token of the other tenant',
      standing: 'stranger',
      credential: await token({ tenant: 'ibis', scope: 'read write admin' }),
    },
    {
      name: "with a member's token of the other tenant",
      standing: 'stranger',
      credential: await token({ tenant: 'ibis', member: IBIS.annexId }),
    },
  ]
}

type AnyField = GraphQLField<unknown, unknown>

export interface RootField {
  /** `Query.member`. */
  readonly name: string
  readonly document: string
  readonly field: AnyField
}

/** Every field at the top of the published schema. */
export function rootFields(): readonly RootField[] {
  return [PUBLISHED.getQueryType(), PUBLISHED.getMutationType(), PUBLISHED.getSubscriptionType()].flatMap(
    (type) =>
      Object.values(type?.getFields() ?? {}).map((field) => ({
        name: `${type?.name}.${field.name}`,
        document: documentOf(type?.name ?? '', field),
        field,
      })),
  )
}

/** Lists that would come to more than a request may ask for. */
const TOO_WIDE = /^edges$/

function documentOf(root: string, field: AnyField): string {
  const { declared, passed } = argumentsOf(field)
  const named = getNamedType(field.type)
  // What an interface's types show is asked of each type on its own.
  const selection = isObjectType(named) ? selectionOf(named, 1, TOO_WIDE) : '{ __typename id }'
  return `${root.toLowerCase()} M${declared} { ${field.name}${passed} ${selection} }`
}

/** A way to a type that has no id of its own: a field at the top, and the fields below it that lead there. */
export interface WayTo {
  readonly type: GraphQLObjectType
  readonly root: RootField
  readonly document: string
}

/** How the types without an id are reached by reading, by the shortest way; those that only a change answers with are left out. */
export function waysToParts(): readonly WayTo[] {
  const ways = new Map<string, WayTo>()
  const wraps = (names: readonly string[], inner: string): string =>
    names.reduceRight((text, name) => `{ ${name} ${text} }`, inner)
  const roots = rootFields().filter(({ name }) => /^Query\.(?!nodes?$)/.test(name))
  let reached = roots.map((root) => ({ root, type: getNamedType(root.field.type), names: [] as string[] }))
  while (reached.length > 0) {
    const next: typeof reached = []
    for (const { root, type, names } of reached) {
      if (!isObjectType(type) || ways.has(type.name)) continue
      const { declared, passed } = argumentsOf(root.field)
      const selection = wraps(names, selectionOf(type, 0))
      ways.set(type.name, {
        type,
        root,
        document: `query M${declared} { ${root.field.name}${passed} ${selection} }`,
      })
      for (const field of Object.values(type.getFields()))
        if (!field.args.some(isRequiredArgument))
          next.push({ root, type: getNamedType(field.type), names: [...names, field.name] })
    }
    reached = next
  }
  const things = new Set(nodeTypes().map(({ name }) => name))
  return [...ways.values()].filter(({ type }) => !things.has(type.name))
}

/** Object types that are neither things with an id, nor their parts, nor what a field at the top answers with. */
export function typesWithoutCells(): readonly string[] {
  const known = [
    ...[...nodeTypes(), ...waysToParts().map(({ type }) => type)],
    ...rootFields().map(({ field }) => getNamedType(field.type)),
    ...[PUBLISHED.getQueryType(), PUBLISHED.getMutationType(), PUBLISHED.getSubscriptionType()],
  ].map((type) => type?.name)
  return Object.values(PUBLISHED.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !known.includes(type.name))
    .map(({ name }) => name)
}

/** Types whose things have an id of their own. */
export const nodeTypes = () => PUBLISHED.getPossibleTypes(nodeInterface())

function nodeInterface() {
  const node = PUBLISHED.getType('Node')
  if (!node || !('getInterfaces' in node) || isObjectType(node))
    throw new Error('the schema has no interface Node')
  return node
}

/** Ids like those of a tenant, of things that nobody has. */
export const absentLike = (ids: Ids): Ids =>
  Object.fromEntries(
    Object.entries(ids).map(([name, id]) => {
      const [type = '', number = ''] = Buffer.from(id, 'base64url').toString('latin1').split(':')
      return [name, globalId(type, number.includes('.') ? '987654321.1' : '987654321')]
    }),
  ) as unknown as Ids

/** A cell of the matrix: who asks for what. */
export interface GraphCell {
  readonly root: RootField
  readonly rule: GraphRule
  readonly caller: GraphCaller
}

/** What an answer shows that it must not, or does not show that it should; null when the cell is as its rule says. */
export async function wrongWith(world: TwinWorld, cell: GraphCell, ids: Ids): Promise<string | null> {
  const { root, rule, caller } = cell
  const wanted = expected(caller.standing, rule.scope)
  const variables = rule.variables(ids, HERON, world.made(HERON))
  // Whoever may not is to try in earnest.
  if (wanted !== 'allowed') delete (variables['input'] as Record<string, unknown> | undefined)?.['dryRun']
  const answer = await world.ask(root.document, variables, caller.credential)
  if (answer.statusCode >= 500) return `answered ${answer.statusCode}`
  const said = JSON.parse(answer.payload) as Said
  const secrets = caller.standing === 'writer' ? 'person' : TELLS_NOBODY[wanted]
  return faultOf(cell, wanted, said) ?? leak(answer.payload, variables, secrets)
}

function faultOf({ root, caller, rule }: GraphCell, wanted: Wanted, { data, errors }: Said): string | null {
  const code = errors?.[0]?.extensions?.code ?? 'no error'
  const shown = data?.[root.field.name] ?? null
  if (wanted === 'nobody') return code === 'UNAUTHENTICATED' && !data ? null : `was let in: ${code}`
  if (wanted === 'forbidden') return code === 'FORBIDDEN' && !shown ? null : `was not forbidden: ${code}`
  // In their own tenant strangers may do what their scopes say: what they are told is looked at.
  if (wanted === 'stranger' || wanted === 'other member')
    return errors && code !== 'FORBIDDEN' ? `was told ${code}` : null
  // Who may only write is shown what was done, and nothing that needs the scope to read.
  const unfounded =
    caller.standing === 'writer' ? errors?.filter((error) => !isDeniedReading(root, error)) : errors
  if (unfounded && unfounded.length > 0) return `was refused: ${JSON.stringify(unfounded).slice(0, 400)}`
  const needsAnswer = rule.scope === 'read' && caller.standing !== 'self'
  return needsAnswer && shown === null ? 'saw nothing' : null
}

/** Whether an error denies a field below the top of which the schema tells that it needs the scope to read. */
function isDeniedReading({ field }: RootField, { path = [], extensions }: SaidError): boolean {
  let denied: AnyField | undefined = field
  for (const name of path.slice(1)) {
    const type: GraphQLNamedType | undefined = denied && getNamedType(denied.type)
    if (typeof name === 'string') denied = isObjectType(type) ? type.getFields()[name] : undefined
  }
  return extensions?.code === 'FORBIDDEN' && path.length > 1 && !!denied && scopeOf(denied) === 'read'
}

interface SaidError {
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string }
}

interface Said {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly SaidError[]
}

type Wanted = 'nobody' | 'forbidden' | 'allowed' | 'stranger' | 'other member'

function expected(standing: Standing, scope: GraphRule['scope']): Wanted {
  const has: Readonly<Record<Standing, readonly string[]>> = {
    nobody: [],
    reader: ['read'],
    writer: ['write'],
    admin: ['read', 'write', 'admin'],
    self: ['read'],
    'other member': ['read'],
    stranger: ['read'],
  }
  if (standing === 'nobody') return 'nobody'
  // A stranger with every scope in a tenant of their own is looked at below, one without is forbidden there already.
  if (standing !== 'stranger' && !has[standing].includes(scope)) return 'forbidden'
  return standing === 'stranger' || standing === 'other member' ? standing : 'allowed'
}

const TELLS_NOBODY: Readonly<Record<Wanted, string>> = {
  nobody: 'all',
  forbidden: 'all',
  allowed: 'ibis',
  stranger: 'heron',
  'other member': 'buyer',
}

const SECRETS: Readonly<Record<string, readonly string[]>> = {
  all: [...privateOf(HERON), ...privateOf(IBIS)],
  heron: privateOf(HERON),
  ibis: privateOf(IBIS),
  buyer: personalOf(HERON),
  // Purchases are shown to who may change them; who bought is not.
  person: [...nameOf(HERON), ...privateOf(IBIS)],
}

/** What the answer tells that the question did not say already. */
function leak(payload: string, variables: object, whose: string): string | null {
  const asked = JSON.stringify(variables)
  const told = SECRETS[whose]?.find((secret) => payload.includes(secret) && !asked.includes(secret))
  return told === undefined ? null : `was told ${told}`
}
