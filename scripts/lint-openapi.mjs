// Part of `npm run lint`: holds the published OpenAPI documents to the specification and to good custom.
import { createConfig, lint } from '@redocly/openapi-core'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

const config = await createConfig({
  extends: ['recommended'],
  rules: {
    // The project has no license to name.
    'info-license': 'off',
    // The vendors' own paths are like this: /customers/{userId} beside /customers/lookup.
    'no-ambiguous-paths': 'off',
  },
})

let found = 0
for (const door of ['annex', 'capillary']) {
  const file = join('schema', 'openapi', `${door}.json`)
  for (const { severity, ruleId, message, location } of await lint({ ref: join(ROOT, file), config })) {
    found += 1
    console.error(`${file}${location[0]?.pointer ?? ''}: ${severity} ${ruleId}: ${message}`)
  }
}
console.log(`OpenAPI documents: ${found} problems.`)
process.exitCode = found > 0 ? 1 : 0
