import 'reflect-metadata'
import { buildAnnex } from '../annex/subgraph'
import { buildCapillary } from '../capillary/subgraph'
import { buildCore } from '../core/subgraph'
import type { GraphQLSchema } from 'graphql'
import { federatedSchema, type Subgraph } from '../shared/build-subgraph'
import { type Unified, unify } from '../shared/unify'

/** The parts of the graph, each of which can be served alone. */
export const buildSubgraphs = (): readonly Subgraph[] => [buildCore(), buildAnnex(), buildCapillary()]

/** All of the graph as one executable schema. */
export const buildUnified = (subgraphs = buildSubgraphs()): Unified => unify(subgraphs)

/** What a process may serve: everything, everything as one subgraph of a larger graph, or a part of this one. */
export type GraphRole = 'unified' | 'subgraph' | 'core' | 'annex' | 'capillary'

/** The schema of a process, and the subgraphs whose loaders it needs. */
export interface Served {
  readonly schema: GraphQLSchema
  readonly subgraphs: readonly Subgraph[]
  /** What streams are asked of; null where there are none. */
  readonly streams: GraphQLSchema | null
}

/** What a process of this role serves. All but the unified graph answer gateways too (`_service`, `_entities`). */
export function servedBy(role: GraphRole): Served {
  const subgraphs = buildSubgraphs()
  if (role === 'unified' || role === 'subgraph') {
    const unified = buildUnified(subgraphs)
    const schema = role === 'unified' ? unified.schema : federatedSchema(unified)
    return { schema, subgraphs, streams: unified.schema }
  }
  const part = subgraphs.filter(({ name }) => name === role)
  const [subgraph] = part
  if (!subgraph) throw new Error(`there is no subgraph ${role}`)
  const { schema } = unify(part)
  return {
    schema: federatedSchema(subgraph),
    subgraphs: part,
    streams: schema.getSubscriptionType() ? schema : null,
  }
}
