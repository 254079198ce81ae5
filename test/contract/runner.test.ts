import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { annexGet, annexPost } from '../support/annex-client'
import { tillCall } from '../support/capillary-client'
import { answerTo, misfits } from '../support/openapi-rows'
import type { OpenApi } from '../support/pinned-contract'
import { type DoorRequest, type DoorWorld, openDoors } from '../support/door-world'
import { ANNEX_SITES, CAPILLARY_TILLS, CONTRACT_SETUP } from './setup'

/** One example: calls in order, each with what must come back. */
interface Example {
  readonly name: string
  /** Whose credentials sign the calls; `demo` when left out. */
  readonly tenant?: string
  /** Sets the sandbox's clock before the first call. */
  readonly now?: string
  readonly steps: readonly Step[]
}

interface Step {
  readonly request: {
    readonly method: string
    /** `{createdId}` stands for that member of an earlier answer. */
    readonly path: string
    /** Sent as JSON text, or as it stands when it is text. */
    readonly body?: unknown
    /** Besides those that sign in; a name in lower case replaces one of them. */
    readonly headers?: Readonly<Record<string, string>>
  }
  readonly reply: {
    readonly status: number
    /** Members that must be there and equal; others may be there, too. */
    readonly body: object
    /** Members of the body that must not be there. */
    readonly absent?: readonly string[]
    readonly headers?: Record<string, string>
  }
}

const SIGNED: Record<string, (tenant: string, request: Step['request']) => DoorRequest> = {
  annex(tenant, { method, path, body }) {
    const site = ANNEX_SITES[tenant]!
    if (method !== 'GET') return { ...annexPost(site, path, body ?? ''), method }
    return annexGet(site, path, decodeURIComponent(path.split('?')[0]!.split('/').at(-1)!))
  },
  capillary: (tenant, { method, path, body, headers }) =>
    tillCall(CAPILLARY_TILLS[tenant]!, method, path, body, headers),
}

const examplesOf = (door: string): { file: string; example: Example }[] => {
  const folder = join(__dirname, door)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      file: relative(__dirname, join(folder, name)),
      example: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Example,
    }))
}

describe.each(Object.keys(SIGNED))('documented behavior of the %s door', (door) => {
  const document = JSON.parse(
    readFileSync(join(__dirname, `../../schema/openapi/${door}.json`), 'utf8'),
  ) as OpenApi
  let world: DoorWorld

  /** Where an answer is not exactly as the door's own document says. */
  function differences(method: string, path: string, status: number, body: unknown): string[] {
    const prefix = (document.servers[0]?.url ?? '/').replace(/\/$/, '')
    const documented = answerTo(document, method, path.slice(prefix.length), status)
    // Nothing is documented of addresses that are not there.
    if (!documented) return status === 404 || status === 405 ? [] : [`${status} is not documented`]
    return misfits(document, documented.schema, body)
  }

  beforeAll(async () => {
    world = await openDoors(CONTRACT_SETUP)
  })
  afterAll(() => world.app.close())

  it.each(examplesOf(door).map(({ file, example }) => [example.name, file, example] as const))(
    '%s (%s)',
    async (_name, _file, example) => {
      const tenant = example.tenant ?? 'demo'
      await world.reset(tenant)
      await world.moveTo(tenant, example.now ?? 'real time')
      let said: Record<string, unknown> = {}
      for (const { request, reply } of example.steps) {
        const path = request.path.replace(/\{(\w+)\}/g, (_match, name: string) => String(said[name]))
        const answer = await world.send(SIGNED[door]!(tenant, { ...request, path }))
        const body = answer.json<Record<string, unknown>>()
        expect(differences(request.method, path, answer.statusCode, body)).toEqual([])
        said = { ...said, ...body }
        expect({ status: answer.statusCode, body }).toMatchObject({ status: reply.status, body: reply.body })
        expect(Object.keys(body).filter((name) => reply.absent?.includes(name))).toEqual([])
        expect(answer.headers).toMatchObject(reply.headers ?? {})
      }
    },
  )
})
