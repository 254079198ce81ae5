import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** The vendors' contracts as they were given to this project: documents that nobody here edits. */
export const VENDORS = ['annex', 'capillary'] as const
export type VendorName = (typeof VENDORS)[number]

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly example?: unknown
}
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema?: Schema
  readonly example?: unknown
}
export interface Body {
  readonly content?: { readonly 'application/json'?: { readonly schema?: Schema } }
  readonly headers?: Readonly<Record<string, unknown>>
}
export interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: Body
  readonly responses?: Readonly<Record<string, Body | Reference>>
}
interface Reference {
  readonly $ref: string
}
export interface OpenApi {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** An operation with its references resolved. */
export interface Call {
  readonly vendor: VendorName
  /** `post /orders`. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly module: string
  readonly inScope: boolean
  readonly parameters: readonly Parameter[]
  readonly takes: Schema | undefined
  readonly answers: readonly Answer[]
}
export interface Answer {
  readonly status: string
  /** What the document calls it, when several operations share it: `Unauthorized`. */
  readonly shared: string | null
  readonly schema: Schema | undefined
  readonly headers: readonly string[]
}

interface Pinned {
  readonly file: string
  readonly sha256: string
  readonly basePath: string
  readonly scope: {
    readonly tags: readonly string[]
    readonly operations: readonly string[]
    readonly why: string
  }
}

const FOLDER = join(__dirname, '../contract/pinned')

export const PINNED = JSON.parse(readFileSync(join(FOLDER, 'pinned.json'), 'utf8')) as Readonly<
  Record<VendorName, Pinned>
>

export const sha256OfPinned = (vendor: VendorName): string =>
  createHash('sha256')
    .update(readFileSync(join(FOLDER, PINNED[vendor].file)))
    .digest('hex')

const documents = new Map<VendorName, OpenApi>()

export function pinnedDocument(vendor: VendorName): OpenApi {
  const known = documents.get(vendor)
  if (known) return known
  const document = parse(readFileSync(join(FOLDER, PINNED[vendor].file), 'utf8')) as OpenApi
  documents.set(vendor, document)
  return document
}

/** What `#/components/schemas/Order` names; throws on a reference that leads nowhere. */
export function resolved<T extends object>(document: OpenApi, value: T | Reference): T {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value as T
  const [, , group = '', name = ''] = value.$ref.split('/')
  const target = document.components[group]?.[name]
  if (target === undefined) throw new Error(`${value.$ref} leads nowhere`)
  return resolved(document, target as T)
}

/** All operations of a document, whether the project serves them or not. */
export function callsOf(vendor: VendorName, document: OpenApi = pinnedDocument(vendor)): readonly Call[] {
  const { scope } = PINNED[vendor]
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method} ${path}`
      const module = operation.tags?.[0] ?? 'untagged'
      return {
        vendor,
        name,
        method,
        path,
        module,
        inScope: scope.tags.includes(module) || scope.operations.includes(name),
        parameters: (operation.parameters ?? []).map((one) => resolved(document, one)),
        takes: schemaOf(operation.requestBody),
        answers: Object.entries(operation.responses ?? {}).map(([status, answer]) => {
          const body = resolved<Body>(document, answer)
          const shared = '$ref' in answer ? (answer.$ref.split('/').at(-1) ?? null) : null
          return { status, shared, schema: schemaOf(body), headers: Object.keys(body.headers ?? {}) }
        }),
      }
    }),
  )
}

const schemaOf = (body: Body | undefined) => body?.content?.['application/json']?.schema
