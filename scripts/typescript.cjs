// `require` of TypeScript files, for tools whose code is checked with the tests and needs no build.
const { readFileSync } = require('node:fs')
const { transformSync } = require('@swc/core')
const { transform } = require('../jest.config.cjs')

const [[, options]] = Object.values(transform)

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8')
  // oxlint-disable-next-line no-underscore-dangle -- Node's own name for it
  module._compile(transformSync(source, { ...options, filename, swcrc: false }).code, filename)
}
