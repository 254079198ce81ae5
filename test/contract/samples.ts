import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  callsOf,
  type OpenApi,
  PINNED,
  pinnedDocument,
  resolved,
  type Schema,
  type VendorName,
} from '../support/pinned-contract'
import { examplesOf } from './examples'

/** A body that the vendor publishes: of a request, or of the answer to one. */
export interface Sample {
  /** Where it is published, so that a person finds it there. */
  readonly name: string
  readonly method: string
  /** `/v2/transactions/{id}`. */
  readonly path: string
  readonly kind: 'request' | 'response'
  readonly body: unknown
}

/** Every sample of a vendor's documents that started this project, and every example of the pinned OpenAPI document. */
export const samplesOf = (door: VendorName): readonly Sample[] => [
  ...seedSamples(door),
  ...openApiExamples(door),
]

function seedSamples(door: VendorName): readonly Sample[] {
  const file = join(__dirname, `pinned/${door}-samples.json`)
  const { samples } = JSON.parse(readFileSync(file, 'utf8')) as {
    samples: (Sample & { seed: string; line: number })[]
  }
  return samples.map(({ seed, line, ...sample }) => ({
    ...sample,
    name: `${sample.name} (seed ${seed}, line ${line})`,
  }))
}

type Exemplary = Schema & { readonly examples?: readonly unknown[] }
interface Content {
  readonly content?: {
    readonly 'application/json'?: {
      readonly schema?: Exemplary
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
    }
  }
}

/** The examples of a body, and those of its schema or of what its schema is a list of. */
function examplesIn(document: OpenApi, content: Content): readonly unknown[] {
  const { schema = {}, examples = {} } = content.content?.['application/json'] ?? {}
  const whole = resolved<Exemplary>(document, schema)
  const item = whole.items ? resolved<Exemplary>(document, whole.items) : {}
  return [
    ...Object.values(examples).map(({ value }) => value),
    ...(whole.examples ?? []),
    ...(item.examples ?? []).map((value) => [value]),
  ]
}

function openApiExamples(door: VendorName): readonly Sample[] {
  const document = pinnedDocument(door)
  return callsOf(door).flatMap(({ inScope, method, path, name }) => {
    if (!inScope) return []
    const { requestBody = {}, responses = {} } = document.paths[path]![method]!
    const of = (kind: Sample['kind'], where: string, content: Content): Sample[] =>
      examplesIn(document, content).map((body, index) => ({
        name: `${name} ${where} example ${index + 1} of the OpenAPI document`,
        method: method.toUpperCase(),
        path: `${PINNED[door].basePath}${path}`,
        kind,
        body,
      }))
    const succeeded = responses['200']
    return [
      ...of('request', 'takes', requestBody),
      // What refusals look like is one sample for all: the cases of the codes show it.
      ...(succeeded ? of('response', 'answers', resolved(document, succeeded)) : []),
    ]
  })
}

const isCallOf = ({ method, path }: Sample, called: { method: string; path: string }): boolean =>
  called.method === method &&
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(called.path.split('?')[0]!)

/** Transactions, tills, customers and redemptions of the vendor's own organization: a case names those of its own. */
const OWN = new Set(['id', 'tillCode', 'identifierValue', 'redemptionId'])

/** Where a body is published for two variants at once, its words are a choice: a case makes it. */
const CHOICES: readonly (readonly [string, string])[] = [
  ['"CREDIT or DEBIT"', '"CREDIT"'],
  ['"credit or debit"', '"credit"'],
  ['Credit[bucketName]', 'Credit[travel]'],
]

const chosen = (text: string): string =>
  CHOICES.reduce((told, [published, sent]) => told.replaceAll(published, sent), text)

const COMPARABLE: Readonly<Record<VendorName, (body: unknown) => unknown>> = {
  annex: (body) => JSON.parse(chosen(JSON.stringify(body ?? null))),
  capillary: (body) =>
    JSON.parse(
      JSON.stringify(body, (name, value: unknown) => (OWN.has(name) && value !== null ? 'own' : value)),
    ),
}

/** The cases of a door that send a published body as it stands. */
export const sendersOf = (door: VendorName, sample: Sample): readonly string[] =>
  examplesOf(door).flatMap(({ file, example: { steps } }) =>
    steps.some(
      ({ request }) =>
        isCallOf(sample, request) &&
        isDeepStrictEqual(COMPARABLE[door](request.body), COMPARABLE[door](sample.body)),
    )
      ? [file]
      : [],
  )

/** An answer that some case got. */
export interface Answered {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** Members of a published answer, with their JSON types, that no answer to such a call had: `sideEffects.couponCode: string`. */
export function membersNotAnswered(sample: Sample, answered: readonly Answered[]): readonly string[] {
  const seen = new Set(answered.filter((one) => isCallOf(sample, one)).flatMap(({ body }) => membersOf(body)))
  return [...new Set(membersOf(sample.body))].filter((member) => !seen.has(member))
}

/**
 * The same of the one answer that has the most of it: a published answer of many variants is of one. Ids are text,
 * though some are printed as numbers (annex-cloud.md, section 5, and IdLike of the document).
 */
export function membersMissedByAll(sample: Sample, answered: readonly Answered[]): readonly string[] {
  const wanted = [...new Set(membersOf(sample.body).map(withTextIds))]
  const missing = answered
    .filter((one) => isCallOf(sample, one))
    .map(({ body }) => {
      const seen = new Set(membersOf(body).map((member) => chosenBucket(withTextIds(member))))
      return wanted.filter((member) => !seen.has(member))
    })
  return missing.sort((a, b) => a.length - b.length)[0] ?? wanted
}

const ID =
  /^((?:\w+\.)*(?:siteId|rewardId|rewardCategoryId|rewardCode|campaignId|sectionId|surveyId|actionId)): number$/
/** Entries of a bulk are published without their number. */
const withTextIds = (member: string): string => member.replace(/^\d+\./, '').replace(ID, '$1: string')
const chosenBucket = (member: string): string =>
  member.replace('[travel]', '[bucketName]').replace('multiBucketsData.travel', 'multiBucketsData.bucketName')

/** Names inside these are an organization's own. */
const FREE = new Set(['customFields', 'extendedFields', 'attributes', 'attributesSet'])

function membersOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => membersOf(item, prefix))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    `${prefix}${name}: ${typeOf(member)}`,
    ...(FREE.has(name) ? [] : membersOf(member, `${prefix}${name}.`)),
  ])
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

/** What a sample shows and the call it is published with does not answer here, and why. */
export const OTHERWISE: Readonly<Record<string, string>> = {
  'POST /v2/customers sideEffects.type': 'no rule of a setup gives points for a registration at this door',
  'POST /v2/customers sideEffects.awardedPoints':
    'no rule of a setup gives points for a registration at this door',
  'GET /v2/currencyratio entity':
    'one sample for the call that sets a ratio and for the one that reads them, which answers a list (both are documented)',
}

/** Rows of the list of what is not here (`get /v2/x answers a.b`) that excuse members of a sample. */
export const isExcused = (
  { method, path }: Sample,
  member: string,
  omitted: Readonly<Record<string, string>>,
): boolean => {
  const [name] = member.split(':')
  if (`${method} ${path} ${name}` in OTHERWISE) return true
  const row = `${method.toLowerCase()} ${path} answers ${name}`
  return Object.keys(omitted).some((one) => row === one || row.startsWith(`${one}.`))
}
