import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** An OpenAPI document that this process serves. */
export interface OpenApiSign {
  readonly name: string
  readonly url: string
}

/** `/docs`: both doors' OpenAPI documents, rendered from our own packages, and where the rest is. It needs no internet. */
export async function mountDocs(
  app: FastifyInstance,
  documents: readonly OpenApiSign[],
  explorers: boolean,
): Promise<void> {
  const files = [
    ...(await Promise.all(RENDERER.map(packaged))),
    { path: '/docs/start.js', type: SCRIPT, body: startScript(documents) },
    { path: '/docs/page.css', type: STYLE, body: PAGE_STYLE },
  ]
  for (const { path, type, body } of files) {
    app.get(path, (_request, reply) => reply.type(type).header('cache-control', 'max-age=3600').send(body))
  }
  const papers = await papersIn(resolve('docs'))
  for (const { path, body } of papers)
    app.get(path, (_request, reply) => reply.type('text/plain; charset=utf-8').send(body))
  const page = pageOf(explorers, papers)
  for (const path of ['/docs', '/docs/'])
    app.get(path, (_request, reply) =>
      reply.type('text/html; charset=utf-8').headers(PAGE_HEADERS).send(page),
    )
}

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'
const RENDERER = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js'] as const

/** Swagger UI as fastify's own plug-in carries it: the vendor's package would report its installation. */
const packaged = async (name: (typeof RENDERER)[number]) => ({
  path: `/docs/${name}`,
  type: name.endsWith('.css') ? STYLE : SCRIPT,
  body: await readFile(join(dirname(require.resolve('@fastify/swagger-ui/package.json')), 'static', name)),
})

/** What a person asks who comes from a vendor, as it lies in the repository. */
const PAPERS = [
  { name: 'parity', title: 'Parity' },
  { name: 'differences', title: 'Differences' },
] as const

interface Paper {
  readonly path: string
  readonly title: string
  readonly body: string
}

/** A server that runs without the repository's papers has none to show. */
async function papersIn(folder: string): Promise<readonly Paper[]> {
  const found = await Promise.all(
    PAPERS.map(async ({ name, title }) => {
      const body = await readFile(join(folder, `${name}.md`), 'utf8').catch(() => null)
      return body === null ? [] : [{ path: `/docs/${name}`, title, body }]
    }),
  )
  return found.flat()
}

/** Requests cannot be tried from here: those doors are for servers, and one of them wants each request signed. */
const startScript = (urls: readonly OpenApiSign[]): string => `
SwaggerUIBundle({
  urls: ${JSON.stringify(urls)},
  dom_id: '#doors',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  supportedSubmitMethods: [],
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
})
`

const PAGE_HEADERS = {
  // The renderer sets styles on elements and carries its pictures with it.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
}

const PAGE_STYLE = `
body { margin: 0; font-family: system-ui, sans-serif; color: #222 }
header { padding: 1rem 2rem; border-bottom: 1px solid #ddd }
h1 { margin: 0 0 .5rem; font-size: 1.4rem }
nav a { margin-right: 1.5rem; color: #0b57d0 }
`

/** What is not open to explore in this process is not linked. */
function pageOf(explorers: boolean, papers: readonly Paper[]): string {
  const links = [
    ...(explorers ? [link('/graphql', 'Sandbox'), link('/graphiql', 'GraphiQL')] : []),
    link('/openapi/annex.json', 'Annex OpenAPI'),
    link('/openapi/capillary.json', 'Capillary OpenAPI'),
    ...papers.map(({ path, title }) => link(path, title)),
    link('/metrics', 'Metrics'),
    link('/readyz', 'Readiness'),
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Loyalty API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <header>
      <h1>Loyalty API</h1>
      <nav>${links.join('')}</nav>
    </header>
    <main id="doors"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/swagger-ui-standalone-preset.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`
}

const link = (path: string, text: string): string => `<a href="${path}">${text}</a>`
