// A load generator in a process of its own: node load-child.cjs PARAMETERS, a JSON object as `LoadElsewhere` in load-process.ts.
// It makes its requests before it says that it is ready, fires when it is told to, and writes what it has seen as JSON.
const { readFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { transformSync } = require('@swc/core')

require.extensions['.ts'] = (module, file) => {
  const options = {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
  }
  // oxlint-disable-next-line no-underscore-dangle -- the name that Node's module loader has for it
  module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file)
}

const { fire } = require(path.join(__dirname, 'load.ts'))
const { orders } = require(path.join(__dirname, 'endurance-traffic.ts'))

// A real client has a machine of its own: here it must not take the server's turn on a core.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)

process.once('message', ({ url, clients, perSecond, prefix, members, seconds, prepared }) => {
  const make = orders(prefix, members)
  const ready = Array.from({ length: prepared }, make)
  process.send('ready')
  const shoot = async () => {
    const hits = []
    const end = performance.now() + seconds * 1_000
    await fire({
      url,
      clients,
      ...(perSecond === undefined ? {} : { perSecond }),
      until: () => performance.now() >= end,
      shots: () => ready.pop() ?? make(),
      hit: ({ status, retryAfter, body, ms, at }) =>
        hits.push([status, retryAfter, status === 200 ? '' : body, ms, at + performance.timeOrigin]),
    })
    process.send(hits, () => process.disconnect())
  }
  process.once('message', () => void shoot())
})
