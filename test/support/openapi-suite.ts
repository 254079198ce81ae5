import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DescribedEndpoint } from '../../src/rest/shared/openapi-document'
import { CONTRACT_SETUP } from '../contract/setup'
import { openDoors } from './door-world'
import { onlyOperations, operationsOf, rowsOf } from './openapi-rows'
import { callsOf, type OpenApi, pinnedDocument, type VendorName } from './pinned-contract'

interface DoorDocument {
  readonly door: VendorName
  readonly document: object
  readonly endpoints: readonly DescribedEndpoint[]
  /** What is documented and not here, each with its reason. A row that has come to be here must leave. */
  readonly omitted: Readonly<Record<string, string>>
}

/** Holds a door's OpenAPI document to the vendor's, row by row, and to the door itself. */
export function describeDocument({ door, document, endpoints, omitted }: DoorDocument): void {
  const ours = document as OpenApi
  const inScope = new Set(callsOf(door).flatMap((call) => (call.inScope ? [call.name] : [])))
  const documented = rowsOf(onlyOperations(pinnedDocument(door), inScope))
  const here = new Set(rowsOf(ours))
  const published = readFileSync(join(__dirname, `../../schema/openapi/${door}.json`), 'utf8')
  const isOmitted = (row: string) =>
    Object.keys(omitted).some((one) => row === one || row.startsWith(`${one} `) || row.startsWith(`${one}.`))

  it.each(documented.filter((row) => !isOmitted(row)))('has what is documented: %s', (row) => {
    expect(here.has(row)).toBe(true)
  })

  it.each(Object.entries(omitted))('still lacks, and says why: %s (%s)', (row) => {
    expect(documented).toContain(row)
    expect(here.has(row)).toBe(false)
  })

  it('has every endpoint of the door, described', () => {
    const addresses = operationsOf(ours).map(({ name }) => name)
    expect(addresses.sort()).toEqual(
      endpoints
        .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`)
        .sort(),
    )
    const operations = operationsOf(ours).map(({ operation }) => operation)
    expect(operations.filter(({ summary, responses }) => !summary || !responses?.['200'])).toEqual([])
  })

  it('groups its operations as the vendor does', () => {
    const groupOf = new Map(callsOf(door).map(({ name, module }) => [name, module] as const))
    const groups = callsOf(door, ours).map(({ name, module }) => [name, module] as const)
    expect(groups).toEqual(groups.map(([name, module]) => [name, groupOf.get(name) ?? module]))
    expect(groups.filter(([, module]) => module === 'untagged')).toEqual([])
  })

  it('is served to anybody as it is published', async () => {
    const { app } = await openDoors(CONTRACT_SETUP)
    try {
      const answer = await app.server.inject({ method: 'GET', url: `/openapi/${door}.json` })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual(JSON.parse(published))
      expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(ours)))
    } finally {
      await app.close()
    }
  })
}
