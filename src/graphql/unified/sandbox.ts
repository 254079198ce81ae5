import type { ApolloServerPlugin, LandingPage } from '@apollo/server'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import { WELCOME_QUERY } from './welcome-query'

/** Apollo Sandbox for a browser on `/graphql`, signed in with a key. It comes from Apollo's servers: without internet the page points to GraphiQL. */
export function sandboxPlugin(apiKey: string): ApolloServerPlugin {
  const headers = { authorization: `Bearer ${apiKey}` }
  const sandbox = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: WELCOME_QUERY,
    headers,
    embed: { runTelemetry: false, initialState: { sharedHeaders: headers, pollForSchemaUpdates: false } },
  })
  return {
    async serverWillStart(server) {
      const listener = (await sandbox.serverWillStart?.(server)) ?? {}
      return { ...listener, renderLandingPage: async () => withHint(await listener.renderLandingPage?.()) }
    },
  }
}

const withHint = (page: LandingPage | undefined): LandingPage => ({
  html: async () => {
    const html = typeof page?.html === 'function' ? await page.html() : (page?.html ?? '')
    return html.replace(OFFLINE, `${OFFLINE} <a href="/graphiql">GraphiQL</a> works without internet.`)
  },
})

const OFFLINE = 'it appears that you might be offline.'
