// `npm run dev`: compiles on every change and restarts the server. Ctrl-C ends both.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { build, copyAssets, forgetBuild, ROOT } from './build.mjs'

build()
forgetBuild()

const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
const settings = existsSync(join(ROOT, '.env')) ? ['--env-file=.env'] : []
const children = [
  start([compiler, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
  start([...settings, '--watch', '--watch-preserve-output', 'dist/src/main.js']),
]
// The compiler does not copy SQL. The server reads it when it starts, so save a code file to see the change.
watch(join(ROOT, 'src'), { recursive: true }, (_event, name) => {
  if (name?.endsWith('.sql')) copyAssets()
})

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(signal))

let ending = false

function start(args) {
  // A group of its own each: the terminal's Ctrl-C comes to this process alone, which then ends them in order.
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', detached: true })
  child.on('exit', () => end('SIGTERM'))
  return child
}

function end(signal) {
  if (ending) return
  ending = true
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  for (const child of running) process.kill(-Number(child.pid), signal)
  void Promise.all(running.map((child) => once(child, 'exit'))).finally(() => process.exit())
}
