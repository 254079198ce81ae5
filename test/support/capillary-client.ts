import { createHash } from 'node:crypto'
import type { DoorRequest } from './door-world'

export interface Till {
  readonly code: string
  readonly password: string
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** Basic as the protocol wants it: the user and the hex MD5 of the password. */
export const basic = ({ code, password }: Till): string =>
  `Basic ${Buffer.from(`${code}:${md5(password)}`).toString('base64')}`

/** A call as a till makes it; an object is sent as JSON. */
export const tillCall = (
  till: Till,
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): DoorRequest => ({
  method,
  url,
  headers: {
    authorization: basic(till),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  },
  ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
})
