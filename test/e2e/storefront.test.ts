import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type GraphWorld, KEYS, openGraph } from '../support/graph-world'
import { temporaryFolder } from '../support/server-process'

/* The example page, in a browser as people have it. Without one on this machine there is nothing to see. */

const CHROMIUM = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  existsSync,
)
const ROOT = join(__dirname, '../..')
const run = promisify(execFile)
const withBrowser = CHROMIUM ? it : it.skip

let graph: GraphWorld
let page: { readonly url: string; stop(): void }
const folder = temporaryFolder()

beforeAll(async () => {
  if (!CHROMIUM) return
  graph = await openGraph()
  const url = await graph.app.server.listen({ port: 0, host: '127.0.0.1' })
  const built = join(folder.path, 'dist')
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'examples/storefront', '--outDir', built], {
    cwd: ROOT,
  })
  page = await serve({ GRAPH_URL: url, API_KEY: KEYS.storefront, DIST: built, MEMBER: 'm1@demo.example' })
}, 60_000)
afterAll(async () => {
  page?.stop()
  await graph?.close()
  folder.remove()
})

async function serve(environment: Record<string, string>): Promise<typeof page> {
  const child = spawn(process.execPath, ['examples/storefront/serve.mjs'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve) => child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))) // prettier-ignore
  return { url, stop: () => void child.kill() }
}

/** The page as it is once it has settled. */
async function domOf(path: string): Promise<string> {
  const words = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=10000', '--dump-dom']
  const profile = `--user-data-dir=${join(folder.path, 'browser')}`
  const { stdout } = await run(CHROMIUM ?? '', [...words, profile, `${page.url}${path}`], { timeout: 50_000 })
  return stdout
}

const textAt = (html: string, id: string): string =>
  new RegExp(`id="${id}"[^>]*>(.*?)</(?:h1|p|span|strong|ul|ol)>`, 's')
    .exec(html)?.[1]
    ?.replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim() ?? ''

describe('the storefront', () => {
  withBrowser(
    'shows the wallet, the way to the next tier, the history and what a cart would earn',
    async () => {
      const html = await domOf('/?live=off')
      expect(textAt(html, 'problem')).toBe('')
      expect(textAt(html, 'name')).toBe('First1 Last1')
      expect(textAt(html, 'tier')).toBe('Silver')
      expect(textAt(html, 'available')).toBe('184')
      expect(textAt(html, 'worth')).toContain('138')
      expect(textAt(html, 'missing')).toMatch(/^816 points or .*4,890.* to Gold\.$/)
      expect(textAt(html, 'history')).toContain('Transaction of')
      expect(html).toContain('Voucher')
      expect(textAt(html, 'potential')).toBe('240 points')
      // The key is the server's alone.
      expect(html).not.toContain(KEYS.storefront)
    },
    60_000,
  )
})
