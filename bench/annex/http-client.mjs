// A client that costs little beside what it measures: requests are signed and written out beforehand, and an answer is
// read by its Content-Length.
import { createHmac } from 'node:crypto'
import { connect } from 'node:net'

export const SITE = 'bench'
export const SECRET = 'bench-annex-secret'

const sign = (text, encoding) => createHmac('sha256', SECRET).update(text).digest(encoding)
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = part({ alg: 'HS256', typ: 'JWT' })

/** A call as the vendor's clients make it, whole, as bytes. */
export function requestOf(path, value, method = 'POST') {
  const body = JSON.stringify(value)
  const hmac = sign(Buffer.from(body).toString('base64'), 'base64')
  const claims = { sub: SITE, exp: Math.floor(Date.now() / 1000) + 3600, site_id: SITE, hmac }
  const signed = `${HEADER}.${part(claims)}`
  return Buffer.from(
    `${method} /api/3.0${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n` +
      `x-annexcloud-site: ${SITE}\r\nauthorization: Bearer ${signed}.${sign(signed, 'base64url')}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** One kept-alive connection; answers one request after the other. */
export class HttpClient {
  constructor(port) {
    this.received = ''
    this.socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
    this.socket.on('data', (text) => this.take(text))
    this.socket.on('error', (error) => this.waiting?.reject(error))
    this.socket.on('close', () => this.waiting?.reject(new Error('the server closed the connection')))
  }

  /** The body of an answer of 200. Throws anything else. */
  send(request) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.socket.write(request)
    })
  }

  close() {
    this.waiting = undefined
    this.socket.destroy()
  }

  take(text) {
    this.received += text
    const end = this.received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.received.slice(0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
    if (this.received.length < end + 4 + length) return
    const body = this.received.slice(end + 4)
    const { resolve, reject } = this.waiting
    this.received = ''
    if (head.startsWith('HTTP/1.1 200 ') && !body.includes('"errorCode"')) resolve(body)
    else reject(new Error(`${head.split('\r\n')[0]} ${body.slice(0, 300)}`))
  }
}
