import { type ASTNode, type DocumentNode, Kind, print, visit } from 'graphql'
import { federatedSdl } from '../shared/build-subgraph'
import { unify } from '../shared/unify'
import { buildSubgraphs } from './schema'

/** What we publish, by the name of its file: the graph as clients see it, and each part as a gateway composes it. */
export function publishedSchemas(): Readonly<Record<string, string>> {
  const subgraphs = buildSubgraphs()
  return Object.fromEntries([
    ['unified.graphql', printed(unify(subgraphs).plain)],
    ...subgraphs.map((subgraph) => [`${subgraph.name}.graphql`, printed(federatedSdl(subgraph))] as const),
  ])
}

const printed = (document: DocumentNode): string => `${print(sorted(document))}\n`

/** In the order of names, so that only a change of the schema changes the text. */
function sorted(document: DocumentNode): DocumentNode {
  const ordered: DocumentNode = visit(document, {
    leave: (node: ASTNode) => {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        return { ...node, fields: byName(node.fields ?? []) }
      }
      if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
        return { ...node, fields: byName(node.fields ?? []) }
      if (node.kind === Kind.ENUM_TYPE_DEFINITION) return { ...node, values: byName(node.values ?? []) }
      if (node.kind === Kind.FIELD_DEFINITION) return { ...node, arguments: byName(node.arguments ?? []) }
      return undefined
    },
  })
  return { ...ordered, definitions: byName(ordered.definitions) }
}

const byName = <Node extends ASTNode>(nodes: readonly Node[]): Node[] =>
  [...nodes].sort((a, b) => compare(nameOf(a), nameOf(b)))

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const nameOf = (node: ASTNode): string =>
  'name' in node && node.name?.kind === Kind.NAME ? node.name.value : ''
