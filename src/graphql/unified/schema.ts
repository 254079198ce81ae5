import 'reflect-metadata'
import { buildAnnex } from '../annex/subgraph'
import { buildCapillary } from '../capillary/subgraph'
import { buildCore } from '../core/subgraph'
import type { Subgraph } from '../shared/build-subgraph'
import { type Unified, unify } from '../shared/unify'

/** The parts of the graph, each of which can be served alone. */
export const buildSubgraphs = (): readonly Subgraph[] => [buildCore(), buildAnnex(), buildCapillary()]

/** All of the graph as one executable schema. */
export const buildUnified = (subgraphs = buildSubgraphs()): Unified => unify(subgraphs)
