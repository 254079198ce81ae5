import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { hidesImports, importsOf, problemOf } from './check-imports'
import { DOMAIN_ORDER, FOLDERS, JOINTS, PACKAGES } from './import-table'

const SRC = join(__dirname, '../../src')

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))

const sourceOf = (file: string): string => readFileSync(join(SRC, file), 'utf8')
const nameOf = (file: string): string => file.replace(/\.ts$/, '')

describe('the sources', () => {
  it('import only what the table allows', () => {
    const problems = files.flatMap((file) =>
      importsOf(sourceOf(file)).map((found) => problemOf(nameOf(file), found)),
    )
    expect(problems.filter((problem) => problem !== null)).toEqual([])
  })

  it('name every import outright, so that the table can be checked', () => {
    expect(files.filter((file) => hidesImports(sourceOf(file)))).toEqual([])
  })

  it('read the environment in config only', () => {
    const readers = files.filter((file) => /process\s*\.\s*env\b/.test(sourceOf(file)))
    expect(readers.filter((file) => !file.startsWith('config/'))).toEqual([])
  })
})

/** A relative specifier from one file under src to another. */
const from = (file: string, target: string): string => {
  const folder = relative(join('/src', dirname(file)), join('/src', dirname(target)))
  return `${folder.startsWith('.') ? '' : './'}${join(folder, basename(target))}`
}

const notices = (file: string, source: string): boolean =>
  importsOf(source).some((found) => problemOf(file, found) !== null)

describe('the check itself', () => {
  const FORMS = {
    import: (name: string) => `import { x } from '${name}'`,
    'import over several lines': (name: string) => `import {\n  x,\n  type Y,\n} from "${name}"`,
    'import for its effect': (name: string) => `import '${name}'`,
    'import type': (name: string) => `import type { X } from '${name}'`,
    'import all': (name: string) => `const a = 1\nimport * as x from '${name}'`,
    're-export': (name: string) => `export { x } from '${name}'`,
    're-export of types': (name: string) => `export type { X } from '${name}'`,
    're-export of all': (name: string) => `export * from '${name}'`,
    'dynamic import': (name: string) => `const x = await import(\`${name}\`)`,
    'type by import()': (name: string) => `type X = import('${name}').X`,
    require: (name: string) => `const x = require('${name}')`,
    'import = require': (name: string) => `import x = require('${name}')`,
  }

  it.each(Object.entries(FORMS))('sees an %s', (_form, write) => {
    expect(notices('domain/points/lots', write('../../persistence/sql'))).toBe(true)
    expect(notices('domain/points/lots', write('typeorm'))).toBe(true)
  })

  const fileIn = (folder: string): string =>
    folder === 'rest/index' ? folder : `${folder.replace('*', 'core')}/some-file`
  const ROWS = FOLDERS.flatMap(({ folder, never }) =>
    never.map((target) => [fileIn(folder), target] as const),
  )

  it.each(ROWS)('notices that %s imports %s', (file, target) => {
    expect(notices(file, `import { x } from '${from(file, target)}'`)).toBe(true)
  })

  it.each(JOINTS)('notices that something imports %s', (joint) => {
    for (const file of ['server/http', 'cli/commands/migrate', 'persistence/sql']) {
      expect(notices(file, `import type { X } from '${from(file, joint)}'`)).toBe(true)
    }
  })

  it.each(Object.entries(PACKAGES))('notices %s outside its home', (name, homes) => {
    const specifier = name.replace('*', 'x')
    const strangers = [
      'domain/points/lots',
      'jobs/queue',
      'persistence/sql',
      'setup/schema',
      'server/http',
      'config/config',
    ]
    const outside = strangers.filter((file) => !homes.some((home) => file.startsWith(home)))
    for (const file of outside) expect(notices(file, `import x from '${specifier}/deep'`)).toBe(true)
    expect(outside.length).toBeGreaterThanOrEqual(3)
  })

  it('notices packages without a home, and what a domain may not touch', () => {
    expect(notices('server/http', `import _ from 'lodash'`)).toBe(true)
    expect(notices('domain/shared/ids', `import { readFileSync } from 'node:fs'`)).toBe(true)
    expect(notices('domain/shared/ids', `import { createHash } from 'node:crypto'`)).toBe(false)
    expect(notices('rest/annex/orders/orders.mapping', `import { jwtVerify } from 'jose'`)).toBe(true)
    expect(notices('elsewhere/file', `import { x } from './other'`)).toBe(true)
  })

  it('notices a feature that builds on a later one or on one beside it, and lets it name a type', () => {
    const firsts = DOMAIN_ORDER.map(([feature]) => feature ?? '')
    for (const [index, feature] of firsts.entries()) {
      const file = `domain/${feature}/rule`
      for (const later of firsts.slice(index + 1)) {
        expect(notices(file, `import { x } from '../${later}/rule'`)).toBe(true)
        expect(notices(file, `import type { X } from '../${later}/rule'`)).toBe(false)
        expect(notices(`domain/${later}/rule`, `import { x } from '../${feature}/rule'`)).toBe(false)
      }
      expect(notices(file, `import { x } from '../loyalty'`)).toBe(true)
    }
    expect(notices('domain/orders/rule', `import { x } from '../transactions/rule'`)).toBe(true)
  })

  it('notices an import whose name is computed', () => {
    expect(hidesImports('const x = require(name)')).toBe(true)
    expect(hidesImports('await import(path)')).toBe(true)
    expect(hidesImports(`require('pg')`)).toBe(false)
  })

  it('lets allowed imports pass', () => {
    expect(notices('graphql/core/member.resolver', `import { x } from '../shared/page'`)).toBe(false)
    expect(notices('graphql/unified/schema', `import { x } from '../annex/subgraph'`)).toBe(false)
    expect(notices('persistence/data-source', `import { migrations } from '../../migrations'`)).toBe(false)
    expect(notices('cli/commands/migrate', `import { x } from '../../persistence/schema-state'`)).toBe(false)
    expect(notices('rest/annex/auth', `import { jwtVerify } from 'jose'`)).toBe(false)
    expect(notices('app', `import { x } from './rest/annex'`)).toBe(false)
  })
})
