// Writes schema/: the graph as clients see it, its parts as a gateway composes them, the composed supergraph, the
// JSON Schema of the setup document, and the OpenAPI document of each door.
import { composeServices, compositionHasErrors } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build, ROOT } from './build.mjs'

build()
const load = createRequire(import.meta.url)
const { publishedSchemas } = load('../dist/src/graphql/unified/publish.js')
const { annexOpenApi } = load('../dist/src/rest/annex/openapi.js')
const { capillaryOpenApi } = load('../dist/src/rest/capillary/openapi.js')
const { setupJsonSchema } = load('../dist/src/setup/schema.js')

const schemas = publishedSchemas()
const composed = composeServices(
  ['core', 'annex', 'capillary'].map((name) => ({
    name,
    // Replaced by whoever deploys the parts.
    url: `http://${name}.internal/graphql`,
    typeDefs: parse(schemas[`${name}.graphql`]),
  })),
)
if (compositionHasErrors(composed)) {
  for (const { message } of composed.errors) process.stderr.write(`${message}\n`)
  throw new Error('The subgraphs do not compose.')
}

mkdirSync(join(ROOT, 'schema', 'openapi'), { recursive: true })
for (const [name, text] of Object.entries({
  ...schemas,
  'supergraph.graphql': `${composed.supergraphSdl.trim()}\n`,
  'openapi/annex.json': `${JSON.stringify(annexOpenApi(), null, 2)}\n`,
  'openapi/capillary.json': `${JSON.stringify(capillaryOpenApi(), null, 2)}\n`,
  'setup.schema.json': `${JSON.stringify(setupJsonSchema(), null, 2)}\n`,
}))
  writeFileSync(join(ROOT, 'schema', name), text)

// What clients were promised. A change that breaks them fails a test until it is accepted here, by name, in a review.
if (process.argv.includes('--accept-breaking'))
  writeFileSync(join(ROOT, 'schema', 'baseline.graphql'), schemas['unified.graphql'])
