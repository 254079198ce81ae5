// `npm run soak -- --minutes 10`: a mixed load through every door, and what it leaves behind. Ten minutes unless told.
import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './build.mjs'

// `--slowing 8` shows that it would notice: the server is reached through a line that is 8 ms slower each minute, and the run must fail.
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, slowing: { type: 'string', default: '0' } },
})
if (!(Number(values.minutes) > 0) || !(Number(values.slowing) >= 0)) {
  console.error('npm run soak -- [--minutes NUMBER] [--slowing MILLISECONDS]')
  process.exit(2)
}
const [load] = loadavg()
if (load > availableParallelism() / 2)
  console.warn(
    `This machine is busy (load ${load.toFixed(1)}): times are judged beside a control that waits as they do.`,
  )
const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
const run = spawnSync(process.execPath, [jest, '-c', 'jest.endurance.config.cjs', '--runInBand', 'soak'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, SOAK_MINUTES: values.minutes, SOAK_SLOWING: values.slowing },
})
process.exitCode = run.status ?? 1
