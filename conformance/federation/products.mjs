// The suite's fixture schema, served by the function that serves our own subgraphs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const ours = createRequire(new URL('../../package.json', import.meta.url))
const suite = createRequire(import.meta.url)
const { Kind, parse } = ours('graphql')
const { ApolloServer } = ours('@apollo/server')
const { startStandaloneServer } = ours('@apollo/server/standalone')
const { federatedSchema } = ours('./dist/src/graphql/shared/build-subgraph.js')

export const FIXTURE = fileURLToPath(
  new URL(
    'products.graphql',
    `file://${suite.resolve('@apollo/federation-subgraph-compatibility-tests/package.json')}`,
  ),
)

const SUPPORT = 'support@apollographql.com'
const user = { email: SUPPORT, name: 'Jane Smith', totalProductsCreated: 1337, yearsOfEmployment: 10 }
const research = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
]
const deprecated = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: user,
}
const product = (id, sku, packageName, variation, study) => ({
  id,
  sku,
  package: packageName,
  variation: { id: variation },
  dimensions: { size: 'small', weight: 1, unit: 'kg' },
  createdBy: user,
  notes: null,
  research: [study],
})
const products = [
  product('apollo-federation', 'federation', '@apollo/federation', 'OSS', research[0]),
  product('apollo-studio', 'studio', '', 'platform', research[1]),
]
const deprecatedBy = ({ sku, package: name }) =>
  sku === deprecated.sku && name === deprecated.package ? deprecated : null

const resolvers = {
  Query: {
    product: (_root, { id }) => products.find((candidate) => candidate.id === id) ?? null,
    deprecatedProduct: (_root, key) => deprecatedBy(key),
  },
  Product: {
    __resolveReference: ({ id, sku, package: name, variation }) =>
      products.find((candidate) =>
        id
          ? candidate.id === id
          : candidate.sku === sku &&
            (name ? candidate.package === name : candidate.variation.id === variation?.id),
      ) ?? null,
  },
  DeprecatedProduct: { __resolveReference: deprecatedBy },
  ProductResearch: {
    __resolveReference: ({ study: { caseNumber } }) =>
      research.find(({ study }) => study.caseNumber === caseNumber) ?? null,
  },
  User: {
    __resolveReference: (reference) =>
      reference.email === SUPPORT ? { ...reference, name: user.name } : null,
    averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }) =>
      Math.round((totalProductsCreated ?? 0) / yearsOfEmployment),
  },
  Inventory: {
    __resolveReference: ({ id }) => (id === 'apollo-oss' ? { id, deprecatedProducts: [deprecated] } : null),
  },
}

export async function startProducts(port) {
  const { definitions } = parse(readFileSync(FIXTURE, 'utf8'))
  const isLink = ({ kind }) => kind === Kind.SCHEMA_EXTENSION
  const document = (part) => ({ kind: Kind.DOCUMENT, definitions: part })
  const schema = federatedSchema(
    { typeDefs: document(definitions.filter((d) => !isLink(d))), resolvers },
    document(definitions.filter(isLink)),
  )
  const server = new ApolloServer({ schema })
  await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } })
  return server
}
