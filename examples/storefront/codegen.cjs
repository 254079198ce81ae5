// Types and texts of the page's operations: from the running server, or from a file that SCHEMA names.
const { GRAPH_URL = 'http://localhost:4000', API_KEY = 'demo-graphql-key', SCHEMA } = process.env
const server = { [`${GRAPH_URL}/graphql`]: { headers: { Authorization: `Bearer ${API_KEY}` } } }

module.exports = {
  schema: SCHEMA ?? server,
  documents: 'operations.graphql',
  overwrite: true,
  generates: {
    'src/operations.ts': {
      plugins: ['typescript-operations'],
      config: {
        useTypeImports: true,
        strictScalars: true,
        enumsAsTypes: true,
        scalars: { DateTime: 'string', Decimal: 'string', JSON: 'unknown', Points: 'string' },
      },
    },
    'src/documents.ts': { plugins: ['./documents.cjs'] },
  },
}
