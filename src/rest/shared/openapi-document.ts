import { anyOf, type Members, type Schema, TEXT } from './openapi'
import type { Route } from './route'

/** An endpoint of a door, as far as its document needs it. The path is what follows the server's address. */
export type DescribedEndpoint = Pick<Route, 'method' | 'path' | 'operation'>

type Need = 'required' | 'optional'
/** Names of parameters. */
export type Parameters = Readonly<Record<string, Need>>

/** What is said of an operation besides its address. */
export interface Description {
  readonly summary: string
  readonly request?: Schema
  readonly query?: Parameters
  readonly headers?: Parameters
  readonly answer: Schema
  /** Further statuses that carry the answer. */
  readonly alsoStatus?: readonly string[]
  /** Whether it is for anybody; signing in is the rule. */
  readonly open?: boolean
}

/** A group of operations: what they are about, and their paths. */
export interface Group {
  readonly description: string
  readonly paths: RegExp
}

export interface DoorDescription {
  readonly info: Schema
  /** What comes before each path. */
  readonly server: string
  readonly securitySchemes: Members
  /** One of these signs a call in. */
  readonly security: readonly string[]
  readonly schemas: Members
  /** Headers of every answer. */
  readonly answerHeaders?: Members
  /** What any operation may answer instead of its own, and with which statuses. */
  readonly refusal: Schema
  readonly refusalStatuses: readonly string[]
  /** Headers that only refusals have. */
  readonly refusalHeaders?: Members
  /** The vendor's groups of operations, under which a reader finds them: the first that knows the path. */
  readonly tags: Readonly<Record<string, Group>>
  readonly endpoints: readonly DescribedEndpoint[]
  readonly operations: Readonly<Record<string, Description>>
}

/** A door as an OpenAPI 3.1 document. Throws for an endpoint that nobody has described or put into a group. */
export const openApiDocument = (door: DoorDescription): Schema => ({
  openapi: '3.1.0',
  info: door.info,
  servers: [{ url: door.server }],
  security: door.security.map((name) => ({ [name]: [] })),
  tags: Object.entries(door.tags).map(([name, { description }]) => ({ name, description })),
  paths: pathsOf(door),
  components: {
    securitySchemes: door.securitySchemes,
    ...(door.answerHeaders ? { headers: { ...door.answerHeaders, ...door.refusalHeaders } } : {}),
    responses: {
      Refused: response('Refused.', door.refusal, { ...door.answerHeaders, ...door.refusalHeaders }),
    },
    schemas: door.schemas,
  },
})

/** Path after path, each with its methods. A further address of an operation has an id of its own. */
function pathsOf(door: DoorDescription): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  const named = new Set<string>()
  for (const endpoint of door.endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    const { operation } = endpoint
    const operationId = named.has(operation) ? `${operation}AlsoAt${placeOf(path)}` : operation
    named.add(operation)
    const described = { operationId, ...operationOf(door, endpoint) }
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: described }
  }
  return paths
}

const placeOf = (path: string): string =>
  path.replace(/\W+(\w)/g, (_match, letter: string) => letter.toUpperCase()).replace(/\W/g, '')

function operationOf(door: DoorDescription, { path, operation }: DescribedEndpoint): Schema {
  const description = door.operations[operation]
  if (!description) throw new Error(`${operation} has no description`)
  const { summary, request, query = {}, headers = {}, answer, alsoStatus = [], open } = description
  const parameters = [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => parameter(name, 'path', 'required')),
    ...parametersOf(query, 'query'),
    ...parametersOf(headers, 'header'),
  ]
  const done = Object.fromEntries(
    ['200', ...alsoStatus].map((status) => [status, response('Done.', answer, door.answerHeaders)]),
  )
  const refused = Object.fromEntries(
    door.refusalStatuses.map((status) => [status, { $ref: '#/components/responses/Refused' }]),
  )
  return {
    tags: [tagOf(door, path)],
    summary,
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(request ? { requestBody: { required: true, content: json(request) } } : {}),
    responses: { ...done, ...refused },
  }
}

function tagOf({ tags }: DoorDescription, path: string): string {
  const [name] = Object.entries(tags).find(([, { paths }]) => paths.test(path)) ?? []
  if (name === undefined) throw new Error(`${path} is in no group`)
  return name
}

const parametersOf = (parameters: Parameters, place: 'query' | 'header'): Schema[] =>
  Object.entries(parameters).map(([name, need]) => parameter(name, place, need))

const parameter = (name: string, place: 'path' | 'query' | 'header', need: Need): Schema => ({
  name,
  in: place,
  required: need === 'required',
  schema: TEXT,
})

const response = (description: string, schema: Schema, headers: Members = {}): Schema => ({
  description,
  ...(Object.keys(headers).length > 0
    ? {
        headers: Object.fromEntries(
          Object.keys(headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
        ),
      }
    : {}),
  content: json(schema),
})

const json = (schema: Schema): Schema => ({ 'application/json': { schema } })

/** Refers to schemas of a document by their names: one of these. */
export function refTo(...names: readonly string[]): Schema {
  const refs = names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
  return refs.length === 1 ? { ...refs[0] } : anyOf(...refs)
}
