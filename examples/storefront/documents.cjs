// A graphql-codegen plug-in: the texts of the operations, for clients without a library that parses them.
const { print } = require('graphql')

module.exports = {
  plugin(_schema, documents) {
    const definitions = documents.flatMap(({ document }) => document.definitions)
    const line = (definition) =>
      `export const ${definition.name.value}Text = ${JSON.stringify(print(definition))}\n`
    return definitions.map(line).join('')
  },
}
