import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { WELCOME_QUERY } from '../graphql/unified/welcome-query'

/** GraphiQL at `/graphiql`, everything from our own packages: it works on a machine without internet. */
export async function mountGraphiql(app: FastifyInstance, apiKey: string): Promise<void> {
  const files: readonly File[] = [
    ...(await Promise.all(Object.entries(PACKAGED).map(packaged))),
    { path: '/graphiql/start.js', type: SCRIPT, body: startScript(apiKey) },
  ]
  for (const { path, type, body } of files) {
    app.get(path, (_request, reply) => reply.type(type).header('cache-control', 'max-age=3600').send(body))
  }
  app.get('/graphiql', (_request, reply) =>
    reply.type('text/html; charset=utf-8').headers(PAGE_HEADERS).send(PAGE),
  )
}

interface File {
  readonly path: string
  readonly type: string
  readonly body: string | Buffer
}

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

const PACKAGED = {
  'react.js': 'react/umd/react.production.min.js',
  'react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  'graphiql.js': 'graphiql/graphiql.min.js',
  'graphiql.css': 'graphiql/graphiql.min.css',
}

const packaged = async ([name, module]: [string, string]): Promise<File> => ({
  path: `/graphiql/${name}`,
  type: name.endsWith('.css') ? STYLE : SCRIPT,
  body: await readFile(fileIn(module)),
})

/** React's `exports` do not name its browser bundles, so they are looked for beside its package.json. */
function fileIn(path: string): string {
  const [name = '', ...rest] = path.split('/')
  return join(dirname(require.resolve(`${name}/package.json`)), ...rest)
}

const startScript = (apiKey: string): string => `
const settings = ${JSON.stringify({
  defaultQuery: WELCOME_QUERY,
  defaultHeaders: JSON.stringify({ Authorization: `Bearer ${apiKey}` }, null, 2),
  defaultEditorToolsVisibility: 'headers',
  isHeadersEditorEnabled: true,
})}
const fetcher = GraphiQL.createFetcher({ url: '/graphql' })
ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, { fetcher, ...settings }))
`

const PAGE_HEADERS = {
  // Its editor sets styles on elements and carries its fonts and icons with it.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Loyalty graph</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/graphiql/graphiql.css">
    <style>html, body, #graphiql { height: 100%; margin: 0 }</style>
  </head>
  <body>
    <div id="graphiql">Loading…</div>
    <script src="/graphiql/react.js"></script>
    <script src="/graphiql/react-dom.js"></script>
    <script src="/graphiql/graphiql.js"></script>
    <script src="/graphiql/start.js"></script>
  </body>
</html>
`
