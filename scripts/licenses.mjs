// `npm run licenses`: under which terms the packages stand that the server runs with, to docs/licenses.md (`--print`: to the
// terminal only). Ends with 1 when one of them is copyleft or source-available, or says nothing.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

/** Terms that ask for no more than keeping their text. Anything else has to be looked at before it is added here. */
const FREE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0',
])
const rows = runtimePackages()
const unfree = rows.filter(({ license }) => !isFree(license))
const report = reportOf(rows)
if (process.argv.includes('--print')) process.stdout.write(report)
else writeFileSync(join(ROOT, 'docs', 'licenses.md'), report)
for (const { name, version, license } of unfree) console.error(`not allowed: ${name}@${version} (${license})`)
process.exitCode = unfree.length > 0 || rows.length < 50 ? 1 : 0

/** What `npm ci --omit=dev` installs, on any platform. The lock file has most licenses; the rest is in the packages. */
function runtimePackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, link }]) => path && !dev && !devOptional && !link)
    .map(([path, { version, license = licenseIn(path) }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license,
    }))
}

function licenseIn(path) {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'))
    return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none'
  } catch {
    return 'none'
  }
}

/** One of several that may be chosen is enough; of several that hold together, all. */
function isFree(license) {
  const bare = license.replaceAll(/[()]/g, '')
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((term) => FREE.has(term.trim())))
}

function byText(a, b) {
  return a.localeCompare(b)
}

function reportOf(packages) {
  const licenses = [...new Set(packages.map(({ license }) => license))].sort(byText)
  const sections = licenses.map((license) => {
    const group = packages.filter((found) => found.license === license)
    const names = [...new Set(group.map(({ name, version }) => `${name} ${version}`))].sort(byText)
    return `## ${license} (${group.length})\n\n${names.join(', ')}\n`
  })
  return `# Licenses of the ${packages.length} packages that the server runs with\n\nWritten by \`npm run licenses\`.\n\n${sections.join('\n')}`
}
