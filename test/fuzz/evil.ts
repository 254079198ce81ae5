import fc from 'fast-check'

/** JSON that is written as it stands: numbers no float holds, names that come twice, halves of characters. */
export class Raw {
  constructor(readonly text: string) {}
}

export type Value =
  null | boolean | number | string | Raw | readonly Value[] | { readonly [name: string]: Value }

/** JSON text; `Raw` parts as they stand, and `__proto__` as a name like others. */
export function written(value: Value): string {
  if (value instanceof Raw) return value.text
  if (isList(value)) return `[${value.map(written).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`)
    .join(',')}}`
}

/** Text that can be sent as UTF-8: half a character becomes a replacement. */
export const wellFormed = (text: string): string => Buffer.from(text).toString('utf8')

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

const raw = (...texts: string[]): Raw[] => texts.map((text) => new Raw(text))

const nested = (open: string, close: string, depth: number): Raw =>
  new Raw(`${open.repeat(depth)}1${close.repeat(depth)}`)

const NUMBERS: readonly Value[] = raw(
  ...[
    '-1',
    '0',
    '-0',
    '0.1',
    '1.005',
    '1e400',
    '-1e400',
    '1e-400',
    '1E+2',
    '9007199254740991',
    '9007199254740993',
  ],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '-9223372036854775809',
    '2147483648',
    '1.0000000000000001',
  ],
  ...['123456789012345678901234567890', 'NaN', 'Infinity', '-', '01', '+1', '.5', '1.', '0x10', '1_000'],
)

const TEXTS: readonly Value[] = [
  ...['\u0000', 'a\u0000b', '\ud800', 'x\udc00', '\u0007', '\u2028'],
  ...[
    '',
    ' ',
    '\t\n',
    '0',
    '-1',
    '1e400',
    'NaN',
    'Infinity',
    '0x10',
    '１２',
    '1,5',
    '١٢',
    'null',
    'undefined',
    'true',
  ],
  ...[
    "'",
    '"',
    '\\',
    "' or '1'='1",
    '1; drop table members --',
    '${7*7}',
    '{{7*7}}',
    '%s%s%n',
    '../../etc/passwd',
  ],
  ...[
    '<script>alert(1)</script>',
    '\r\nSet-Cookie: a=b',
    '\u202eabc',
    '\u200b',
    '\ufeff',
    '😀'.repeat(50),
    'e\u0301',
  ],
  ...[
    '0000-01-01',
    '0000-00-00T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    '275760-09-13T00:00:00.001Z',
    '2024-02-30',
  ],
  ...['9999-12-31T23:59:60Z', '2024-13-01T25:61:61+99:99', '1', '2024-04-28T06:02:06 0000', '10000000000000'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '$where', '*', '%', '_', '[]', '{}', '-'],
  ...['x'.repeat(300), 'x'.repeat(5_000), 'heron@'.concat('h'.repeat(300), '.example'), 'A'.repeat(65_537)],
]

const STRUCTURES: readonly Value[] = [
  null,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  ['a', 'b'],
  [{}],
  { '': '' },
  { '0': 1 },
  { length: -1 },
  { toString: null, valueOf: 1 },
  { $gt: '' },
  Array.from({ length: 1_001 }, () => 1),
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
  ...raw(
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00x"',
    '"\u0000"',
    '"\u0001"',
    '"\\x41"',
    "'a'",
    'undefined',
    '[1,]',
    '{a:1}',
  ),
  ...raw(
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"a":1,"a":2}',
    '',
    '//',
    '"',
  ),
  nested('[', ']', 40),
  nested('{"a":', '}', 40),
  nested('[', ']', 5_000),
]

/** Rare, for they are slow to send: about as long as a body may be. */
const GIANTS: readonly Value[] = [
  new Raw('9'.repeat(900_000)),
  new Raw(`1.${'0'.repeat(900_000)}1`),
  'z'.repeat(900_000),
  new Raw(`[${'[],'.repeat(200_000)}[]]`),
]

/** A value that nobody sends in good faith. */
export const evil: fc.Arbitrary<Value> = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 90, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 60, arbitrary: fc.constantFrom(...STRUCTURES) },
  { weight: 20, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 10, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(...GIANTS) },
)

/** One thing done to a whole value. */
export interface Change {
  /** Which of its parts, counted through. */
  readonly at: number
  readonly how: 'replace' | 'remove' | 'wrap' | 'unwrap' | 'twice' | 'add'
  readonly evil: Value
}

export const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(1_000),
  how: fc.constantFrom(
    'replace',
    'replace',
    'replace',
    'replace',
    'remove',
    'wrap',
    'unwrap',
    'twice',
    'add',
  ),
  evil,
})

type Path = readonly (string | number)[]

/** The value with one of its parts changed. */
export function changed(value: Value, { at, how, evil: bad }: Change): Value {
  const paths = pathsOf(value)
  return changedAt(value, paths[at % paths.length] ?? [], (part) => {
    if (how === 'replace') return bad
    if (how === 'wrap') return [part]
    if (how === 'unwrap') return isList(part) ? (part[0] ?? null) : bad
    if (how === 'add') return isMap(part) ? { ...part, [unknownName(bad)]: bad } : [part, bad]
    if (how === 'twice' && isMap(part)) return twice(part, bad)
    return undefined
  })
}

const unknownName = (value: Value): string => (typeof value === 'string' ? value.slice(0, 200) : '__proto__')

const isMap = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Raw)

/** The first name once more, with something else. */
function twice(map: { readonly [name: string]: Value }, bad: Value): Value {
  const [first] = Object.keys(map)
  if (first === undefined) return bad
  const text = written(map)
  return new Raw(`${text.slice(0, -1)},${JSON.stringify(first)}:${written(bad)}}`)
}

function pathsOf(value: Value, path: Path = []): Path[] {
  if (isList(value))
    return [path, ...value.slice(0, 5).flatMap((item, index) => pathsOf(item, [...path, index]))]
  if (!isMap(value)) return [path]
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))]
}

function changedAt(value: Value, [step, ...rest]: Path, make: (part: Value) => Value | undefined): Value {
  if (step === undefined) return make(value) ?? null
  if (isList(value)) return value.map((item, index) => (index === step ? changedAt(item, rest, make) : item))
  if (!isMap(value)) return value
  const entries = Object.entries(value).flatMap(([name, member]): [string, Value][] => {
    if (name !== step) return [[name, member]]
    const made = rest.length > 0 ? changedAt(member, rest, make) : make(member)
    return made === undefined ? [] : [[name, made]]
  })
  return Object.fromEntries(entries)
}
