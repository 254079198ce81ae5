import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HttpReply, serviceBusy, type Vendor } from '../rest/shared/route'
import { splitUrl } from './mount-routes'
import { requestId } from './request-id'
import { vendorTable } from './route-table'

/** Turns a request away, unread, with 503 and Retry-After in the words of the door it knocked at. */
export function busyAnswers(vendors: readonly Vendor[]) {
  const vendorOf = vendorTable(vendors)
  return (request: IncomingMessage, response: ServerResponse): void => {
    const id = requestId(request)
    const { status, headers, body } = answerTo(vendorOf, request, id)
    const said = typeof body === 'string' ? body : JSON.stringify(body)
    const head = [
      'content-type',
      JSON_TYPE,
      'x-request-id',
      id,
      'content-length',
      String(Buffer.byteLength(said)),
    ]
    for (const [name, value] of Object.entries(headers ?? {})) head.push(name, value)
    // A list is not gone through twice, and text leaves with its head in one piece.
    response.writeHead(status, head)
    response.end(said)
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'

function answerTo(
  vendorOf: ReturnType<typeof vendorTable>,
  { url = '/', method = 'GET' }: IncomingMessage,
  id: string,
): HttpReply {
  const { rawPath } = splitUrl(url)
  const vendor = vendorOf(rawPath)
  if (vendor) return vendor.failed(serviceBusy(), unread(method, rawPath, id))
  return rawPath === '/graphql' ? GRAPH : { ...OTHER, body: { error: BUSY, requestId: id } }
}

const BUSY = 'the server has as much to do as it can; try again'
const RETRY = { 'retry-after': '1' }
const OTHER: HttpReply = { status: 503, headers: RETRY, body: null }
const GRAPH: HttpReply = {
  status: 503,
  headers: RETRY,
  body: { errors: [{ message: BUSY, extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
}

/** What a door may know of a request of which nothing but its first line has been looked at. */
const unread = (method: string, rawPath: string, id: string) => ({
  method,
  path: rawPath,
  rawPath,
  params: {},
  query: new URLSearchParams(),
  rawQuery: '',
  headers: {},
  rawBody: Buffer.alloc(0),
  requestId: id,
  ip: '',
})
