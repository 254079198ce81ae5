import { type Problem, pathText } from './problems'

/** Texts (with the colon that makes one a name) and what opens, parts and closes; the rest says nothing about names. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g

/** An object, with the names it had so far, or a list; and where in it we are. */
interface Level {
  readonly names: Set<string> | null
  at: string | number
}

/**
 * The first name that JSON text gives twice in one object, by its path: `JSON.parse` keeps the last in silence.
 * The text must be JSON. Takes time in proportion to its length.
 */
export function repeatedName(text: string): Problem | null {
  const levels: Level[] = []
  for (const [token, colon] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === '{') levels.push({ names: new Set(), at: '' })
    else if (token === '[') levels.push({ names: null, at: 0 })
    else if (token === '}' || token === ']') levels.pop()
    else if (token === ',') {
      if (level && typeof level.at === 'number') level.at++
    } else if (colon !== undefined && level?.names) {
      level.at = nameIn(token, colon)
      if (level.names.has(level.at))
        return { path: pathText(levels.map(({ at }) => at)), message: 'is named twice' }
      level.names.add(level.at)
    }
  }
  return null
}

/** `"a\u0062" :` is named ab. */
const nameIn = (token: string, colon: string): string => JSON.parse(token.slice(0, -colon.length)) as string
