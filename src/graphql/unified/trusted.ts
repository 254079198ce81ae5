import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError } from 'graphql'
import type { Context } from '../shared/context'
import { Lru } from './lru'

/** Documents that clients were built with, by the SHA-256 of their text, and what becomes of any other. */
export interface TrustedDocuments {
  readonly mode: 'warn' | 'enforce'
  readonly byHash: ReadonlyMap<string, string>
}

interface TrustLog {
  warn(facts: object, message: string): void
}

/** Refuses documents that are not trusted before anything of them runs, or only writes them down. */
export const trustPlugin = (
  { mode, byHash }: TrustedDocuments,
  log: TrustLog,
): ApolloServerPlugin<Context<object>> => ({
  requestDidStart: async () => ({
    async didResolveOperation({ queryHash, contextValue: { requestId } }) {
      if (byHash.has(queryHash)) return
      if (mode === 'enforce') throw untrusted()
      // Nothing of the document itself: its text is the client's.
      log.warn({ queryHash, requestId }, 'a document that is not trusted')
    },
  }),
})

const untrusted = (): GraphQLError =>
  new GraphQLError('this document is not one of those that are trusted here', {
    extensions: { code: 'UNTRUSTED_DOCUMENT', http: { status: 400 } },
  })

/** How many documents that have come once are remembered, and how long one may be. */
const REMEMBERED = 1_000
const LONGEST = 20_000

/** Where documents are found by their hash: the trusted ones always, others that have come once for a while. */
export function documentCache(trusted: TrustedDocuments | null) {
  const seen = new Lru<string>(REMEMBERED)
  return {
    get: async (key: string) => trusted?.byHash.get(key.replace(/^apq:/, '')) ?? seen.get(key),
    async set(key: string, text: string) {
      if (text.length <= LONGEST) seen.set(key, text)
    },
    // Nobody asks for it: what is not used is forgotten.
    delete: async () => false,
  }
}
