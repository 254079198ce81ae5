import { HERON, IBIS, privateOf } from '../support/twin-world'
import type { GraphCaller, RootField } from './graph-matrix'

/** What opening a stream came to: its status, and what it had said when it ended, or after a moment of waiting in vain. */
export interface Opened {
  readonly status: number
  readonly retryAfter: string | null
  readonly isStream: boolean
  /** Whether its connection is for nothing else, as a client has to know that keeps connections. */
  readonly isLast: boolean
  readonly hasEnded: boolean
  readonly text: string
}

/** Long enough for what is refused: that ends at once. */
const PATIENCE_MILLIS = 150

/** Opens a stream of events and looks at what it says at first. Whoever asks closes it by the signal. */
export async function openStream(
  url: string,
  query: string,
  variables: object,
  { credential, signal }: { readonly credential: string | undefined; readonly signal: AbortSignal },
): Promise<Opened> {
  const answer = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: {
      ...(credential === undefined
        ? {}
        : { authorization: credential.includes(' ') ? credential : `Bearer ${credential}` }),
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query, variables }),
    signal,
  })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  const silent = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MILLIS, null))
  let text = ''
  let hasEnded = false
  for (;;) {
    const read = await Promise.race([reader.read().catch(() => null), silent])
    if (read === null) break
    hasEnded = read.done
    if (read.done) break
    text += read.value
  }
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    isStream: answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false,
    isLast: answer.headers.get('connection') === 'close',
    hasEnded,
    text,
  }
}

const MAY: ReadonlySet<GraphCaller['standing']> = new Set(['reader', 'admin', 'self'])

/** What a stream shows that it must not, or does not that it should; null when it is as its rule says. All need the scope to read. */
export function streamFault(
  { standing }: GraphCaller,
  { status, isStream, isLast, hasEnded, text }: Opened,
): string | null {
  if (!isLast) return 'did not say that its connection ends'
  const secrets = MAY.has(standing) ? privateOf(IBIS) : [...privateOf(HERON), ...privateOf(IBIS)]
  const told = secrets.find((secret) => text.includes(secret))
  if (told !== undefined) return `was told ${told}`
  if (MAY.has(standing))
    return status === 200 && isStream && !hasEnded ? null : `was refused: ${status} ${text}`
  const code = standing === 'nobody' ? 'UNAUTHENTICATED' : standing === 'writer' ? 'FORBIDDEN' : null
  // Whoever may read elsewhere waits for events of something that, to him, does not exist.
  if (code === null) return text.includes('"data":{"') ? `was shown ${text}` : null
  return text.includes(`"code":"${code}"`) && hasEnded ? null : `was let in: ${status} ${text}`
}

/** The streams among the fields at the top of the graph. */
export const isStream = ({ name }: RootField): boolean => name.startsWith('Subscription.')
