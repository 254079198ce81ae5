import { posix } from 'node:path'
import { DOMAIN_BUILTINS, DOMAIN_ORDER, FOLDERS, JOINTS, PACKAGES } from './import-table'

export interface Import {
  readonly specifier: string
  /** Erased by the compiler. */
  readonly typeOnly: boolean
}

/** Everything a source file imports, in whatever form: import, re-export, import(), require, import type, import(). */
export function importsOf(source: string): Import[] {
  return [...source.matchAll(IMPORT)].map(([text, , specifier]) => ({
    specifier: specifier ?? '',
    typeOnly: /^\s*(import|export)\s+type\b/.test(text),
  }))
}

// From the start of the statement where there is one, so that `import type` is seen; else from the call.
const STATEMENT = /(?:^|[;\n])\s*(?:import|export)\b[^'"`;()=]*?\bfrom\s*/
const EFFECT = /(?:^|[;\n])\s*import\s*/
const CALL = /\b(?:import|require)\s*\(\s*/
const IMPORT = new RegExp(
  `(?:${STATEMENT.source}|${EFFECT.source}|${CALL.source})(['"\`])([^'"\`\\n]+)\\1`,
  'g',
)

/** What is wrong with one import of a file; the file is a path under src without its ending, `domain/points/lots`. */
export function problemOf(file: string, { specifier, typeOnly }: Import): string | null {
  if (!specifier.startsWith('.')) return packageProblem(file, specifier)
  const target = resolve(file, specifier)
  return folderProblem(file, target) ?? (typeOnly ? null : orderProblem(file, target))
}

/** A computed name would hide an import from this check. */
export const hidesImports = (source: string): boolean =>
  /\b(?:import|require)\s*\(\s*(?!['"`\s])/.test(source)

function resolve(file: string, specifier: string): string {
  const path = posix.normalize(posix.join('src', posix.dirname(file), specifier))
  const under = path.startsWith('src/') ? path.slice('src/'.length) : path
  return under === 'src' ? 'index' : under
}

function folderProblem(file: string, target: string): string | null {
  if (isJoint(file)) return null
  const folder = folderOf(file)
  if (!folder) return `${file} is in no folder that the table knows`
  const { rule, itself } = folder
  const allowed = rule.mayImport.map((pattern) => (pattern === 'itself' ? itself : pattern))
  const free = allowed.includes('*') ? !isJoint(target) : allowed.some((pattern) => lies(target, pattern))
  return free ? null : `${file} (${rule.folder}) may not import ${target}`
}

function folderOf(file: string): { rule: (typeof FOLDERS)[number]; itself: string } | null {
  const rule = FOLDERS.find(({ folder }) => lies(file, folder))
  return rule ? { rule, itself: file.split('/').slice(0, rule.folder.split('/').length).join('/') } : null
}

function orderProblem(file: string, target: string): string | null {
  const [from, to] = [rankOf(file), rankOf(target)]
  if (from === null || to === null || sameFeature(file, target) || to < from) return null
  return `${file} may not import ${target}: its feature comes later, or stands beside it`
}

/** The place of a domain file in the order; files of no feature join them all, and come last. */
function rankOf(file: string): number | null {
  const [area, feature, rest] = file.split('/')
  if (area !== 'domain') return null
  const rank = DOMAIN_ORDER.findIndex((features) => features.includes(feature ?? ''))
  return rest === undefined || rank === -1 ? DOMAIN_ORDER.length : rank
}

const sameFeature = (a: string, b: string): boolean =>
  a.split('/').length === 2 ? b.split('/').length === 2 : posix.dirname(a) === posix.dirname(b)

function packageProblem(file: string, specifier: string): string | null {
  if (specifier.startsWith('node:')) return builtinProblem(file, specifier)
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  const homes = PACKAGES[name] ?? PACKAGES[`${name.split('/')[0]}/*`]
  if (!homes) return `${file} imports ${name}, which has no home in the table`
  return homes.some((home) => lies(file, home))
    ? null
    : `${file} may not import ${name}: its home is ${homes.join(', ')}`
}

function builtinProblem(file: string, name: string): string | null {
  const allowed = !lies(file, 'domain') || DOMAIN_BUILTINS.some((builtin) => builtin === name)
  return allowed ? null : `${file} may not import ${name}: the domain only computes`
}

const isJoint = (file: string): boolean => JOINTS.some((joint) => joint === file)

/** Whether a file lies in a folder, or is the file, that a pattern names. */
function lies(file: string, pattern: string): boolean {
  const parts = file.split('/')
  return pattern
    .split('/')
    .every((part, index) => part === parts[index] || (part === '*' && parts[index] !== undefined))
}
