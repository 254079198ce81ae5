// A plugin for graphql-codegen: all documents by the SHA-256 of their text, for TRUSTED_DOCUMENTS. Each operation comes with
// the fragments that it needs, as codegen's clients send it.
const { createHash } = require('node:crypto')
const { Kind, print, visit } = require('graphql')

module.exports = {
  plugin(_schema, documents) {
    const definitions = documents.flatMap(({ document }) => document?.definitions ?? [])
    const fragments = new Map(
      definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
    )
    const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    const texts = operations.map((operation) =>
      [operation, ...neededBy(operation, fragments)].map(print).join('\n'),
    )
    const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text])
    return `${JSON.stringify(Object.fromEntries(entries.sort()), null, 2)}\n`
  },
}

/** In the order in which they are first named. */
function neededBy(operation, fragments, found = new Set()) {
  visit(operation, {
    FragmentSpread({ name: { value } }) {
      const fragment = fragments.get(value)
      if (!fragment || found.has(fragment)) return
      found.add(fragment)
      neededBy(fragment, fragments, found)
    },
  })
  return found
}
