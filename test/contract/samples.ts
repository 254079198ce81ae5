import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { callsOf, pinnedDocument, resolved } from '../support/pinned-contract'
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

/** Every sample of the Capillary documents that started this project, and every example of the pinned OpenAPI document. */
export const capillarySamples = (): readonly Sample[] => [...seedSamples(), ...openApiExamples()]

function seedSamples(): readonly Sample[] {
  const file = join(__dirname, 'pinned/capillary-samples.json')
  const { samples } = JSON.parse(readFileSync(file, 'utf8')) as {
    samples: (Sample & { seed: string; line: number })[]
  }
  return samples.map(({ seed, line, ...sample }) => ({
    ...sample,
    name: `${sample.name} (seed ${seed}, line ${line})`,
  }))
}

interface Content {
  readonly content?: {
    readonly 'application/json'?: {
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
    }
  }
}

function openApiExamples(): readonly Sample[] {
  const document = pinnedDocument('capillary')
  return callsOf('capillary').flatMap(({ inScope, method, path, name }) => {
    if (!inScope) return []
    const { requestBody = {}, responses = {} } = document.paths[path]![method]!
    const of = (kind: Sample['kind'], where: string, content: Content): Sample[] =>
      Object.entries(content.content?.['application/json']?.examples ?? {}).map(([example, { value }]) => ({
        name: `${name} ${where} ${example}`,
        method: method.toUpperCase(),
        path,
        kind,
        body: value,
      }))
    const succeeded = responses['200']
    return [
      ...of('request', 'takes', requestBody as Content),
      // What refusals look like is one sample for all: the cases of the codes show it.
      ...(succeeded ? of('response', 'answers', resolved(document, succeeded) as Content) : []),
    ]
  })
}

const isCallOf = ({ method, path }: Sample, called: { method: string; path: string }): boolean =>
  called.method === method &&
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(called.path.split('?')[0]!)

/** Transactions, tills and customers of the vendor's own organization: a case names those of its own. */
const OWN = new Set(['id', 'tillCode', 'identifierValue'])

const comparable = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (name, value: unknown) => (OWN.has(name) && value !== null ? 'own' : value)),
  )

/** The cases that send a published body as it stands. */
export const sendersOf = (sample: Sample): readonly string[] =>
  examplesOf('capillary').flatMap(({ file, example: { steps } }) =>
    steps.some(
      ({ request }) =>
        isCallOf(sample, request) && isDeepStrictEqual(comparable(request.body), comparable(sample.body)),
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

/** Rows of the list of what is not here (`get /v2/x answers a.b`) that excuse members of a sample. */
export const isExcused = (
  { method, path }: Sample,
  member: string,
  omitted: Readonly<Record<string, string>>,
): boolean => {
  const row = `${method.toLowerCase()} ${path} answers ${member.split(':')[0]!}`
  return Object.keys(omitted).some((one) => row === one || row.startsWith(`${one}.`))
}
