import type { Json } from '../../domain/shared/json'

/**
 * A number as the client wrote it: `100.10` stays `100.10`. A float would already have rounded what goes
 * into a ledger, and `JSON.parse` of Node 20 does not show the source text.
 */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** Plain decimal text, exponent expanded; null when it would be absurdly long (`1e400`). */
  plainText(): string | null {
    const [mantissa = '', exponent] = this.text.toLowerCase().split('e')
    if (this.text.length > MAX_NUMBER_LENGTH) return null
    return exponent === undefined ? this.text : shifted(mantissa, Number(exponent))
  }
}

export type JsonValue = string | boolean | null | JsonNumber | JsonArray | JsonMap
export type JsonArray = readonly JsonValue[]
export interface JsonMap {
  readonly [name: string]: JsonValue | undefined
}

/** Not JSON, or JSON that nobody sends in good faith. `position` counts characters of the text from 0. */
export class MalformedJson extends Error {
  constructor(
    readonly reason: string,
    readonly position: number,
  ) {
    super(`${reason} at ${position}`)
  }
}

/**
 * Parses a body of UTF-8 JSON, strictly. As in `JSON.parse` the last of two equal names wins. Beyond the grammar it
 * refuses what no store or object may see: NUL characters, lone surrogates, the names `__proto__`, `constructor` and
 * `prototype`, more than 32 levels, more than 10,000 names in one object. Throws MalformedJson.
 */
export function parseJson(bytes: Buffer): JsonValue {
  return new Parser(decoded(bytes)).document()
}

export const isJsonMap = (value: JsonValue | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)

export const isJsonArray = (value: JsonValue | undefined): value is JsonArray => Array.isArray(value)

/** Plain JSON for what is only kept and echoed: numbers become floats, and stay text where a float cannot hold them. */
export function plainJson(value: JsonValue): Json {
  if (value instanceof JsonNumber)
    return Number.isFinite(Number(value.text)) ? Number(value.text) : value.text
  if (isJsonArray(value)) return value.map(plainJson)
  if (!isJsonMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member === undefined ? undefined : plainJson(member),
    ]),
  )
}

/** What can be written: plain JSON, and numbers by their text where a float would round them. */
export type Writable =
  | string
  | number
  | boolean
  | null
  | undefined
  | JsonNumber
  | readonly Writable[]
  | { readonly [name: string]: Writable }

/** JSON text; a JsonNumber is written as it stands, and properties that are undefined are left out. */
export function writeJson(value: Writable): string {
  if (value === undefined) return 'null'
  if (value instanceof JsonNumber) return value.text
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return Array.isArray(value) ? arrayJson(value) : mapJson(value as Readonly<Record<string, Writable>>)
}

function arrayJson(items: readonly Writable[]): string {
  let text = ''
  for (const item of items) text += text === '' ? writeJson(item) : `,${writeJson(item)}`
  return `[${text}]`
}

function mapJson(members: Readonly<Record<string, Writable>>): string {
  let text = ''
  for (const name of Object.keys(members)) {
    const member = members[name]
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(name)}:${writeJson(member)}`
  }
  return `{${text}}`
}

/** Names come again and again; those of clients must not pile up. */
const quotedNames = new Map<string, string>()
const MOST_NAMES = 2_000

function quoted(name: string): string {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  const text = JSON.stringify(name)
  if (quotedNames.size < MOST_NAMES) quotedNames.set(name, text)
  return text
}

const MAX_DEPTH = 32
const MAX_NAMES = 10_000
const MAX_NUMBER_LENGTH = 64
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype'])
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const LONE_SURROGATE = /\p{Surrogate}/u
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Keeps nothing from one text to the next. */
const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decoded(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new MalformedJson('the body is not UTF-8', 0)
  }
}

/** `1.25` shifted by 3 is `1250`; by -3 it is `0.00125`. */
function shifted(mantissa: string, exponent: number): string | null {
  if (Math.abs(exponent) > MAX_NUMBER_LENGTH) return null
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.')
  const digits = '0'.repeat(Math.max(0, 1 - whole.length - exponent)) + whole + fraction
  const point = Math.max(1, whole.length + exponent)
  const padded = digits.padEnd(point, '0')
  const tail = padded.slice(point)
  return `${sign}${padded.slice(0, point).replace(/^0+(?=.)/, '')}${tail ? `.${tail}` : ''}`
}

class Parser {
  private at = 0

  constructor(private readonly text: string) {}

  document(): JsonValue {
    this.skipBlanks()
    if (this.at === this.text.length) throw this.malformed('the body is empty')
    const value = this.value(1)
    if (this.at < this.text.length) throw this.malformed('text after the value')
    return value
  }

  private value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw this.malformed(`more than ${MAX_DEPTH} levels`)
    const value = this.bare(depth)
    this.skipBlanks()
    return value
  }

  private bare(depth: number): JsonValue {
    switch (this.text[this.at]) {
      case '{':
        return this.map(depth)
      case '[':
        return this.array(depth)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private map(depth: number): JsonMap {
    const members: Record<string, JsonValue> = {}
    let names = 0
    this.step()
    if (this.taken('}')) return members
    do {
      this.skipBlanks()
      if (this.text[this.at] !== '"') throw this.malformed('a name in quotes is missing')
      const name = this.string()
      if (FORBIDDEN_NAMES.has(name)) throw this.malformed('a name that is not accepted')
      if (++names > MAX_NAMES) throw this.malformed(`more than ${MAX_NAMES} names`)
      this.skipBlanks()
      if (!this.taken(':')) throw this.malformed('a colon is missing')
      this.skipBlanks()
      members[name] = this.value(depth + 1)
    } while (this.taken(','))
    if (!this.taken('}')) throw this.malformed('a comma or a brace is missing')
    return members
  }

  private array(depth: number): JsonArray {
    const items: JsonValue[] = []
    this.step()
    if (this.taken(']')) return items
    do {
      this.skipBlanks()
      items.push(this.value(depth + 1))
    } while (this.taken(','))
    if (!this.taken(']')) throw this.malformed('a comma or a bracket is missing')
    return items
  }

  private string(): string {
    const start = ++this.at
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit === 0x22) return this.text.slice(start, this.at++)
      if (unit === 0x5c) return this.stringWithEscapes(start)
      if (unit < 0x20) throw this.malformed('a control character in a text')
    }
    throw this.malformed('a text does not end')
  }

  private stringWithEscapes(start: number): string {
    let value = this.text.slice(start, this.at)
    for (;;) {
      const unit = this.text[this.at]
      if (unit === undefined) throw this.malformed('a text does not end')
      if (unit < ' ') throw this.malformed('a control character in a text')
      this.at++
      if (unit === '"') break
      value += unit === '\\' ? this.escape() : unit
    }
    if (value.includes('\0')) throw this.malformed('a NUL character in a text')
    if (LONE_SURROGATE.test(value)) throw this.malformed('half a character in a text')
    return value
  }

  private escape(): string {
    const letter = this.text[this.at++] ?? ''
    if (letter !== 'u') {
      const character = Object.hasOwn(ESCAPED, letter) ? ESCAPED[letter] : undefined
      if (character === undefined) throw this.malformed('an unknown escape')
      return character
    }
    const hex = this.text.slice(this.at, this.at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.malformed('an escape without four digits')
    this.at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  private number(): JsonNumber {
    NUMBER.lastIndex = this.at
    const text = NUMBER.exec(this.text)?.[0]
    if (text === undefined) throw this.malformed('a value is missing')
    this.at += text.length
    return new JsonNumber(text)
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.malformed('an unknown word')
    this.at += word.length
    return value
  }

  private step(): void {
    this.at++
    this.skipBlanks()
  }

  private taken(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private skipBlanks(): void {
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
    }
  }

  private malformed(reason: string): MalformedJson {
    return new MalformedJson(reason, this.at)
  }
}
