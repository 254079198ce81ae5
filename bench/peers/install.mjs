// The servers to compare with have a package.json of their own, so that nobody installs them who does not compare.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PEERS = import.meta.dirname

export function installPeers() {
  // What was installed before a peer was added lacks it.
  const { dependencies } = JSON.parse(readFileSync(join(PEERS, 'package.json'), 'utf8'))
  if (Object.keys(dependencies).every((name) => existsSync(join(PEERS, 'node_modules', name)))) return
  console.error('Installing bench/peers …')
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: PEERS, stdio: 'inherit' })
  if (status !== 0) throw new Error('bench/peers could not be installed')
}
