// Compiles src and migrations to dist, only when they changed. Safe to run several times at once.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const DIST = join(ROOT, 'dist')
const STAMP = join(DIST, '.stamp')
const LOCK = join(DIST, '.lock')
const INPUTS = ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
/** Files that the program reads beside its code. */
const ASSETS = ['.sql']

/** Builds unless dist was built from exactly these sources. A package that was shipped without sources is left alone. */
export function build() {
  if (!existsSync(join(ROOT, 'src')) || isFresh()) return
  mkdirSync(DIST, { recursive: true })
  takeLock()
  try {
    if (!isFresh()) compile()
  } finally {
    rmSync(LOCK, { force: true })
  }
}

export function copyAssets(target = DIST) {
  for (const file of filesUnder('src').filter((name) => ASSETS.some((ending) => name.endsWith(ending)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(join(ROOT, file), join(target, file))
  }
}

/** dist is about to be changed by something else (the watching compiler): it has to be built again before a start. */
export const forgetBuild = () => rmSync(STAMP, { force: true })

const isFresh = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hashOfInputs()

function compile() {
  const stamp = hashOfInputs()
  const next = join(DIST, '.next')
  rmSync(next, { recursive: true, force: true })
  process.stderr.write('Building …\n')
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const run = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', next], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (run.status !== 0) throw new Error('The build failed.')
  copyAssets(next)
  rmSync(STAMP, { force: true })
  for (const name of readdirSync(next)) replace(join(next, name), join(DIST, name))
  rmSync(next, { recursive: true })
  writeFileSync(STAMP, stamp)
}

function replace(from, to) {
  const old = `${to}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(to)) renameSync(to, old)
  renameSync(from, to)
  rmSync(old, { recursive: true, force: true })
}

function hashOfInputs() {
  const hash = createHash('sha256').update(process.version)
  for (const file of INPUTS.flatMap(filesUnder))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)))
  return hash.digest('hex')
}

function filesUnder(path) {
  const full = join(ROOT, path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort()
}

/** Waits for another build to end. One that was killed is not waited for. */
function takeLock() {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return
    } catch {
      if (isHeld()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
      else rmSync(LOCK, { force: true })
    }
  }
}

/** By a build that runs. A pid may have gone to another program since, so an old lock is nobody's. */
function isHeld() {
  try {
    return isAlive(Number(readFileSync(LOCK, 'utf8'))) && Date.now() - statSync(LOCK).mtimeMs < 300_000
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
