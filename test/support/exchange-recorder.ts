import { appendFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'

/** One call of a test at the HTTP border and its answer, as `npm run parity` reads them. */
export interface Exchange {
  /** Test file, from the project's folder, and the case's full name; null before and after the cases of a file. */
  readonly file: string
  readonly test: string | null
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
  readonly answer: string
  readonly answerHeaders: readonly string[]
}

/** Names the folder that exchanges are written to; nothing is recorded without it. */
export const RECORDER_VARIABLE = 'RECORD_EXCHANGES'

const ROOT = join(__dirname, '../..')
/** Odd giants prove nothing about a field. */
const MAX_TEXT = 256 * 1024

/** Writes down what goes through `inject`, when asked to by the environment. Changes nothing of it. */
export function recorded(server: FastifyInstance): FastifyInstance {
  const folder = process.env[RECORDER_VARIABLE]
  if (!folder) return server
  const inject = server.inject.bind(server) as (options: InjectOptions) => Promise<LightMyRequestResponse>
  const recording = async (options: InjectOptions): Promise<LightMyRequestResponse> => {
    // The case may have ended when a late answer comes.
    const { testPath = '', currentTestName } = expect.getState()
    const answer = await inject(options)
    const exchange: Exchange = {
      file: relative(ROOT, testPath),
      test: currentTestName ?? null,
      method: options.method ?? 'GET',
      url: textOf(options.url),
      headers: Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      body: textOf(options.payload),
      status: answer.statusCode,
      answer: answer.payload.slice(0, MAX_TEXT),
      answerHeaders: Object.keys(answer.headers),
    }
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`)
    return answer
  }
  return Object.assign(server, { inject: recording })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text =
    typeof value === 'string'
      ? value
      : Buffer.isBuffer(value)
        ? value.toString('utf8')
        : JSON.stringify(value)
  return text.slice(0, MAX_TEXT)
}
