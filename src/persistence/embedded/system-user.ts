import { existsSync, statSync } from 'node:fs'
import { EmbeddedPostgresFailed, USE_ANOTHER_DATABASE } from './errors'

/** The user that PostgreSQL's processes run as; empty means the one that runs this process. */
export interface SystemUser {
  readonly uid?: number
  readonly gid?: number
}

const NOBODY = { uid: 65534, gid: 65534 } as const

/**
 * PostgreSQL refuses to run as root, so under root it runs as the owner of its data, who is `nobody` when we make
 * them. Nothing on the machine is changed for it, in particular no user is created.
 */
export function postgresUser(dataPath: string): SystemUser {
  const owner = existsSync(dataPath) ? statSync(dataPath) : null
  if (process.getuid?.() !== 0) return ordinaryUser(dataPath, owner?.uid)
  if (process.platform !== 'linux') {
    throw new EmbeddedPostgresFailed(
      `The embedded PostgreSQL runs as root on Linux only. ${USE_ANOTHER_DATABASE}`,
    )
  }
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY
}

function ordinaryUser(dataPath: string, owner: number | undefined): SystemUser {
  if (owner !== undefined && owner !== process.getuid?.()) {
    throw new EmbeddedPostgresFailed(
      `${dataPath} belongs to user ${owner}, and this process runs as user ${process.getuid?.()}. ` +
        'Start as the user that made it (or as root), or choose another DATA_DIR.',
    )
  }
  return {}
}
