import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const ROOT = join(__dirname, '../..')
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

interface Instruction {
  readonly word: string
  readonly rest: string
}

/** Instructions of a Dockerfile, lines that go on joined, comments left out. */
function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.replaceAll(/^#.*$/gm, '').replaceAll(/\\\n\s*/g, ' ')
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? []
      return { word: word.toUpperCase(), rest }
    })
}

/** What is wrong with a Dockerfile: the rules of hadolint that we mind, and that what it copies exists. */
function problemsOf(dockerfile: string, exists: (path: string) => boolean): readonly string[] {
  const all = instructionsOf(dockerfile)
  const restsOf = (word: string) => all.filter((found) => found.word === word).map(({ rest }) => rest)
  const last = all.slice(all.map(({ word }) => word).lastIndexOf('FROM'))
  const problems: string[] = []
  for (const rest of restsOf('FROM'))
    if (!/^\S+:\d+\.\d+\S*/.test(rest)) problems.push(`an image without an exact version: ${rest}`)
  const user = last.filter(({ word }) => word === 'USER').at(-1)?.rest
  if (user === undefined || user === 'root' || user === '0') problems.push('it runs as root')
  for (const word of ['CMD', 'HEALTHCHECK'])
    if (!last.some((found) => found.word === word)) problems.push(`no ${word}`)
  for (const rest of [...restsOf('CMD'), ...restsOf('ENTRYPOINT')])
    if (!rest.startsWith('[')) problems.push('a command through a shell, which keeps signals from it')
  for (const rest of restsOf('RUN'))
    if (/npm (install|i)\b/.test(rest)) problems.push('npm install floats; npm ci')
  for (const rest of [...restsOf('ARG'), ...restsOf('ENV')])
    if (/(password|secret|token|key)\s*=/i.test(rest)) problems.push('a secret in the image')
  if (restsOf('ADD').length > 0) problems.push('ADD unpacks and downloads; COPY')
  for (const rest of restsOf('COPY')) {
    if (rest.startsWith('--from')) continue
    for (const source of rest.split(/\s+/).slice(0, -1))
      if (!exists(source)) problems.push(`nothing to copy: ${source}`)
  }
  return problems
}

describe('the images', () => {
  it.each(['Dockerfile', 'gateway/Dockerfile'])('%s is sound, and all that it copies is there', (file) => {
    expect(problemsOf(textOf(file), (path) => existsSync(join(ROOT, path)))).toEqual([])
  })

  it('would be noticed if they were not', () => {
    const bad = 'FROM node\nCOPY nowhere ./\nADD x ./\nENV API_KEY=1\nRUN npm install\nCMD npm start'
    expect(problemsOf(bad, () => false)).toEqual([
      'an image without an exact version: node',
      'it runs as root',
      'no HEALTHCHECK',
      'a command through a shell, which keeps signals from it',
      'npm install floats; npm ci',
      'a secret in the image',
      'ADD unpacks and downloads; COPY',
      'nothing to copy: nowhere',
    ])
  })

  it('are built by commands that exist', () => {
    const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts
    const named = [...textOf('Dockerfile').matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

interface Compose {
  readonly services: Record<
    string,
    {
      readonly image?: string
      readonly build?: string | { readonly dockerfile: string }
      readonly profiles?: readonly string[]
      readonly depends_on?: readonly string[] | Record<string, { readonly condition: string }>
      readonly environment?: Record<string, string>
      readonly healthcheck?: object
      readonly volumes?: readonly string[]
    }
  >
  readonly volumes: Record<string, object>
}

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(textOf('docker-compose.yml'), { merge: true }) as Compose
  const profileOf = (name: string): string => services[name]?.profiles?.[0] ?? 'always'

  it('has the server and its database, and the rest in two profiles', () => {
    const expected = ['always api', 'always migrate', 'always postgres']
    const more = ['observability jaeger', 'observability prometheus']
    const graph = ['supergraph annex', 'supergraph capillary', 'supergraph core', 'supergraph gateway']
    const found = Object.keys(services).map((name) => `${profileOf(name)} ${name}`)
    expect(found.sort()).toEqual([...expected, ...more, ...graph])
  })

  it('names only what is there', () => {
    const known = textOf('.env.example')
    const problems = Object.entries(services).flatMap(([name, service]) => {
      const { build, image, depends_on: needs = [], environment = {}, volumes: mounts = [] } = service
      const conditions = Array.isArray(needs) ? [] : Object.entries(needs)
      const file = typeof build === 'object' ? build.dockerfile : 'Dockerfile'
      const isOurs = build !== undefined && name !== 'gateway'
      const sources = mounts.map((mount) => mount.split(':')[0] ?? '')
      return [
        ...(Array.isArray(needs) ? needs : Object.keys(needs)).filter((need: string) => !(need in services)),
        ...conditions.filter(
          ([need, { condition }]) => condition === 'service_healthy' && !services[need]?.healthcheck,
        ),
        ...(build && !existsSync(join(ROOT, file)) ? [file] : []),
        ...(image && !/:v?\d/.test(image) ? [image] : []),
        ...sources.filter((from) => !(from.startsWith('.') ? existsSync(join(ROOT, from)) : from in volumes)),
        ...(isOurs ? Object.keys(environment) : []).filter(
          (variable) => !variable.startsWith('OTEL_') && !known.includes(`${variable}=`),
        ),
      ].map((problem) => [name, problem])
    })
    expect(problems).toEqual([])
  })
})

describe('the packages that the server runs with', () => {
  it('stand under terms that ask for nothing but their text', () => {
    const run = spawnSync(process.execPath, ['scripts/licenses.mjs', '--print'], { cwd: ROOT })
    expect([run.status, run.stderr.toString()]).toEqual([0, ''])
    expect(run.stdout.toString()).toContain('## MIT (')
    // Run `npm run licenses` after a change of the dependencies.
    expect(readFileSync(join(ROOT, 'docs/licenses.md'), 'utf8')).toBe(run.stdout.toString())
  })
})
