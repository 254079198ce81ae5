// Asks over HTTP/1.1 at so little cost that the server is what is measured: bytes made beforehand, one question at a
// time a connection, answers counted and not read.
import { connect } from 'node:net'

/** A request as the bytes that go over the wire. */
export function requestBytes(url, { method = 'POST', headers = {}, body = '' } = {}) {
  const { host, pathname, search } = new URL(url)
  const lines = Object.entries({
    host,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  })
  return Buffer.from(
    `${method} ${pathname}${search} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n${body}`,
  )
}

/**
 * A cell for `interleaved`: so many connections, each asking again as soon as it is answered. `next` gives the bytes of
 * a request; any status but 2xx is an error, because a refusal is no answer.
 */
export const asking =
  (url, next, connections = 8) =>
  async (millis) => {
    const start = performance.now()
    const answers = await Promise.all(
      Array.from({ length: connections }, () => oneConnection(new URL(url), next, start + millis)),
    )
    return (answers.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - start)
  }

function oneConnection({ hostname, port }, next, end) {
  return new Promise((resolve, reject) => {
    // Read into one buffer: a new one for each answer is a good part of what asking costs.
    const buffer = Buffer.allocUnsafeSlow(65_536)
    const onread = { buffer, callback: (length) => read(buffer.subarray(0, length)) }
    const socket = connect({ port: Number(port), host: hostname, noDelay: true, onread })
    let answers = 0
    let missing = null
    const ask = () => {
      if (performance.now() >= end) {
        socket.destroy()
        resolve(answers)
      } else socket.write(next())
    }
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    function read(chunk) {
      try {
        missing = missing === null ? afterHead(chunk) : missing(chunk)
      } catch (error) {
        socket.destroy()
        reject(error)
      }
      if (missing === null) {
        answers++
        ask()
      }
      return true
    }
  })
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/** What an answer still lacks after its first bytes: null, or what to do with the next ones. Heads come in one piece here. */
function afterHead(chunk) {
  const headEnd = chunk.indexOf(HEAD_END)
  const head = chunk.latin1Slice(0, headEnd)
  if (headEnd < 0 || !head.startsWith('HTTP/1.1 2'))
    throw new Error(`answered ${chunk.toString().slice(0, 500)}`)
  const body = chunk.subarray(headEnd + HEAD_END.length)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return untilLength(Number(length) - body.length)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return untilLastChunk(body)
  return null
}

function untilLength(left) {
  return left <= 0 ? null : (chunk) => untilLength(left - chunk.length)
}

const untilLastChunk = (bytes) =>
  bytes.latin1Slice(Math.max(0, bytes.length - LAST_CHUNK.length)) === LAST_CHUNK
    ? null
    : (chunk) => untilLastChunk(chunk)
