import type { Route, Vendor } from '../rest/shared/route'

/** Where a path leads within one vendor's door. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists, the method does not. */
  | { readonly kind: 'other-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

/** The parts of a path. Double slashes and a slash at the end mean nothing: clients glue base addresses carelessly. */
export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')

/** Finds the vendor whose prefix a path starts with. */
export function vendorTable(vendors: readonly Vendor[]): (path: string) => Vendor | undefined {
  const entries = vendors.flatMap((vendor) =>
    vendor.prefix.map((prefix) => ({ vendor, pattern: partsOf(prefix) })),
  )
  return (path) => {
    const parts = partsOf(path)
    return entries.find(({ pattern }) => startsWith(parts, pattern))?.vendor
  }
}

/** A function that finds the route of a request. Throws URIError on parts that are not valid percent-encoding. */
export function routeTable(routes: readonly Route[]): (method: string, parts: readonly string[]) => Match {
  const entries = routes.map((route) => ({ route, pattern: partsOf(route.path) })).sort(fixedPartsFirst)
  return (method, parts) => {
    const matching = entries.filter(({ pattern }) => matches(pattern, parts))
    // A HEAD is a GET whose body is not sent.
    const wanted = method === 'HEAD' ? 'GET' : method
    const found = matching.find(({ route }) => route.method === wanted)
    if (found) return { kind: 'route', route: found.route, params: paramsOf(found.pattern, parts) }
    const allowed = [...new Set(matching.flatMap(({ route }) => methodsOf(route)))]
    return allowed.length > 0 ? { kind: 'other-method', allowed } : { kind: 'none' }
  }
}

const methodsOf = ({ method }: Route): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])

const isName = (part: string): boolean => part.startsWith(':')

const startsWith = (parts: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((part, index) => parts[index] === part)

const matches = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((part, index) => isName(part) || part === parts[index])

const paramsOf = (pattern: readonly string[], parts: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pattern.flatMap((part, index) =>
      isName(part) ? [[part.slice(1), decodeURIComponent(parts[index] ?? '')]] : [],
    ),
  )

type Entry = { readonly pattern: readonly string[] }

/** Orders `/points/summary` before `/points/:memberId`. */
function fixedPartsFirst(a: Entry, b: Entry): number {
  const shape = ({ pattern }: Entry): string => pattern.map((part) => (isName(part) ? '1' : '0')).join('')
  return shape(a) < shape(b) ? -1 : shape(a) > shape(b) ? 1 : 0
}
