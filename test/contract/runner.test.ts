import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EMITTED, NOT_EMITTED } from '../../src/rest/capillary/codes'
import { CUSTOMER_ANSWERS } from '../../src/rest/capillary/customers/customers.answers'
import { TRANSACTION_ANSWERS } from '../../src/rest/capillary/transactions/transactions.answers'
import { annexGet, annexPost } from '../support/annex-client'
import { tillCall } from '../support/capillary-client'
import { type DoorRequest, type DoorWorld, openDoors } from '../support/door-world'
import { answerTo, membersOfSchemas, misfits } from '../support/openapi-rows'
import type { OpenApi } from '../support/pinned-contract'
import { tillOf } from './capillary/capillary-setup'
import { NOT_OF_A_SAMPLE } from './annex/omitted'
import { OMITTED } from './capillary/omitted'
import { codesIn, examplesOf, filled, organizationsOf, type Step, underFault } from './examples'
import {
  type Answered,
  isExcused,
  OTHERWISE,
  membersMissedByAll,
  membersNotAnswered,
  samplesOf,
  sendersOf,
} from './samples'
import { ANNEX_SITES, CAPILLARY_TILLS, CONTRACT_SETUP } from './setup'

const SIGNED: Record<string, (tenant: string, request: Step['request']) => DoorRequest> = {
  annex(tenant, { method, path, body }) {
    const site = ANNEX_SITES[tenant]!
    if (method !== 'GET') return { ...annexPost(site, path, body ?? ''), method }
    return annexGet(site, path, decodeURIComponent(path.split('?')[0]!.split('/').at(-1)!))
  },
  capillary(tenant, { method, path, body, headers, padding = 0 }) {
    const call = tillCall(CAPILLARY_TILLS[tenant] ?? tillOf(tenant), method, path, body, headers)
    return padding > 0 ? { ...call, body: `${String(call.body)}${' '.repeat(padding)}` } : call
  },
}

/** What each door's examples have shown so far, of all that they are to show. */
const shown = { members: new Set<string>(), codes: new Set<number>(), answers: new Array<Answered>() }

describe.each(Object.keys(SIGNED))('documented behavior of the %s door', (door) => {
  const document = JSON.parse(
    readFileSync(join(__dirname, `../../schema/openapi/${door}.json`), 'utf8'),
  ) as OpenApi
  const examples = examplesOf(door)
  let world: DoorWorld

  /** Where an answer is not exactly as the door's own document says. */
  function differences(method: string, path: string, status: number, body: unknown): string[] {
    const prefix = (document.servers[0]?.url ?? '/').replace(/\/$/, '')
    const documented = answerTo(document, method, path.slice(prefix.length), status)
    // Nothing is documented of addresses that are not there.
    if (!documented) return status === 404 || status === 405 ? [] : [`${status} is not documented`]
    return misfits(document, documented.schema, body, (member) => shown.members.add(member))
  }

  beforeAll(async () => {
    world = await openDoors({
      ...CONTRACT_SETUP,
      tenants: [...CONTRACT_SETUP.tenants, ...organizationsOf(examples)],
    })
  }, 60_000)
  afterAll(() => world.app.close())

  it.each(examples.map(({ file, tenant, example }) => [example.name, file, tenant, example] as const))(
    '%s (%s)',
    async (_name, _file, tenant, example) => {
      await world.reset(tenant)
      await world.moveTo(tenant, example.now ?? 'real time')
      let said: Record<string, unknown> = { key: tenant }
      for (const template of example.steps) {
        if (template.now !== undefined) await world.moveTo(tenant, template.now)
        const step = filled(template, said)
        const { request, reply } = step
        const answer = await underFault(world.app, step, () => world.send(SIGNED[door]!(tenant, request)))
        const body = answer.json<Record<string, unknown>>()
        expect(differences(request.method, request.path, answer.statusCode, body)).toEqual([])
        codesIn(body).forEach((code) => shown.codes.add(code))
        if (answer.statusCode === 200) shown.answers.push({ ...request, body })
        said = { ...said, ...body }
        expect({ status: answer.statusCode, body }).toMatchObject({ status: reply.status, body: reply.body })
        expect(Object.keys(body).filter((name) => reply.absent?.includes(name))).toEqual([])
        expect(answer.headers).toMatchObject(reply.headers ?? {})
      }
    },
  )
})

/** Points that wait come through the other door only: `capillary/customers.test.ts` books them. */
const SHOWN_ELSEWHERE = ['points', 'redeemableFrom', 'programId', 'pointsType'].map(
  (name) => `PromisedSchedule.promisedPointsScheduleList.${name}`,
)

describe('the examples of the Capillary door, all together', () => {
  it('show every member that the document says is answered', () => {
    const document = JSON.parse(
      readFileSync(join(__dirname, '../../schema/openapi/capillary.json'), 'utf8'),
    ) as OpenApi
    const said = membersOfSchemas(document, Object.keys({ ...TRANSACTION_ANSWERS, ...CUSTOMER_ANSWERS }))
    expect(said.filter((member) => !shown.members.has(member))).toEqual(SHOWN_ELSEWHERE)
  })

  it('provoke every code that the catalogue says is emitted, and no other', () => {
    const emitted = Object.keys(EMITTED).map(Number)
    expect(emitted.filter((code) => !shown.codes.has(code))).toEqual([])
    expect([...shown.codes].filter((code) => !emitted.includes(code))).toEqual([])
  })

  const samples = samplesOf('capillary')
  it.each(samples.filter(({ kind }) => kind === 'request').map((sample) => [sample.name, sample] as const))(
    'send what is published, as it stands: %s',
    (_name, sample) => expect(sendersOf('capillary', sample)).not.toEqual([]),
  )

  it.each(samples.filter(({ kind }) => kind === 'response').map((sample) => [sample.name, sample] as const))(
    'are answered with every member of what is published, in its JSON type: %s',
    (_name, sample) => {
      const missing = membersNotAnswered(sample, shown.answers)
      expect(missing.filter((member) => !isExcused(sample, member, OMITTED))).toEqual([])
    },
  )

  it('excuse of a published answer only what is missing of it', () => {
    const missing = samples.flatMap((sample) =>
      sample.kind === 'request'
        ? []
        : membersNotAnswered(sample, shown.answers).map(
            (member) => `${sample.method} ${sample.path} ${member.split(':')[0]!}`,
          ),
    )
    expect(Object.keys(OTHERWISE).filter((member) => !missing.includes(member))).toEqual([])
  })

  it('leave out only codes whose absence is explained', () => {
    const { codes } = JSON.parse(readFileSync(join(__dirname, 'pinned/capillary-codes.json'), 'utf8')) as {
      codes: { code: number }[]
    }
    const explained = [...Object.keys(EMITTED), ...Object.keys(NOT_EMITTED)].map(Number)
    expect(codes.map(({ code }) => code).filter((code) => !explained.includes(code))).toEqual([])
    expect(Object.keys(NOT_EMITTED).filter((code) => code in EMITTED)).toEqual([])
  })
})

describe('the examples of the Annex door, all together', () => {
  const samples = samplesOf('annex')
  it.each(samples.filter(({ kind }) => kind === 'request').map((sample) => [sample.name, sample] as const))(
    'send what is published, as it stands: %s',
    (_name, sample) => expect(sendersOf('annex', sample)).not.toEqual([]),
  )

  it.each(samples.filter(({ kind }) => kind === 'response').map((sample) => [sample.name, sample] as const))(
    'are answered with every member of what is published, in its JSON type: %s',
    (name, sample) => {
      const excused = Object.keys(NOT_OF_A_SAMPLE[name.replace(/ \(seed.*/, '')] ?? {})
      expect(membersMissedByAll(sample, shown.answers)).toEqual(excused)
    },
  )
})
