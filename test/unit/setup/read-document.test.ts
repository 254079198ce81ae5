import { SetupRefused } from '../../../src/setup/problems'
import { readDocument } from '../../../src/setup/read-document'

/** What the admin door reads of YAML. */
const LIMITS = { tokens: 60_000 }

function read(text: string): unknown {
  try {
    return readDocument(text, LIMITS)
  } catch (error) {
    if (!(error instanceof SetupRefused)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

/** A megabyte of it, which is as much as a request may hold. */
const megabyteOf = (unit: string): string => unit.repeat(Math.floor(1_000_000 / unit.length))

// Jest reads the source map for every error that is made, which costs more than the error; a server does not.
const { stackTraceLimit } = Error
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

describe('a setup document', () => {
  it('is read alike from YAML and from JSON', () => {
    const value = { version: 1, tenants: [{ key: 'a', list: [1, 'two', null, { b: true }] }] }
    expect(read(JSON.stringify(value, null, 2))).toEqual(value)
    expect(read('version: 1\ntenants:\n  - key: a\n    list: [1, two, ~, { b: true }]\n')).toEqual(value)
  })

  it.each([
    ['a name twice in JSON', '{"a":{"b":[1,{"c":1,"c":2}]}}', ['a.b[1].c: is named twice']],
    ['a name twice, once with an escape', '{"ab":1, "a\\u0062" :2}', ['ab: is named twice']],
    ['a name twice in YAML', 'a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n', ['line 5: "c" is named twice']],
    ['a name twice, as a number and as text', '1: a\n"1": b', ['line 2: "1" is named twice']],
    ['a list for a name', 'a: 1\n? [b]\n: 2\n', ['line 2: a name must be text']],
    ['a syntax that is wrong', 'a: 1\nb: [1\nc: 2\n', [expect.stringMatching(/^line 3: flow/i)]],
    ['a second document', 'a: 1\n---\nb: 2\n', [': holds more than one document']],
    ['a NUL', '{"a":"\\u0000"}', [': has a NUL character or half a character in a text']],
    ['half a character in a name', '{"\\ud800":1}', [': has a NUL character or half a character in a name']],
  ])('is refused with its place for %s', (_, text, problems) => {
    expect(read(text)).toEqual(problems)
  })

  it('takes the same name in two places, and names within texts, for what they are', () => {
    expect(read('{"a":{"b":1},"c":{"b":"\\"b\\":1,\\"b\\":"},"d":["b","b"]}')).toEqual({
      a: { b: 1 },
      c: { b: '"b":1,"b":' },
      d: ['b', 'b'],
    })
  })

  it.each([
    ['empty lists in a list', `[${'[],'.repeat(200_000)}[]]`, 'a list of more than 50000'],
    ['the same in what is no JSON', `{a: [${megabyteOf('[],')}]}`, 'more YAML than is read here'],
    ['anchors', megabyteOf('&a '), 'more YAML than is read here'],
    ['tags', megabyteOf('!a '), 'more YAML than is read here'],
    ['commas', `[${megabyteOf(',')}`, 'more YAML than is read here'],
    ['errors', megabyteOf('[a: b: c, ]]'), 'more YAML than is read here'],
    ['directives', megabyteOf('%a\n'), 'more YAML than is read here'],
    ['blank lines', megabyteOf('\n'), 'more YAML than is read here'],
    ['names', megabyteOf('a: 1\n'), 'more YAML than is read here'],
    ['brackets', '['.repeat(400_000) + ']'.repeat(400_000), 'is nested more than 100 deep'],
    ['indentation', Array.from({ length: 1_400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'too deep'],
    ['the same name', `{${'"a":1,'.repeat(140_000)}"a":1}`, 'a: is named twice'],
  ])('that is a megabyte of %s is refused before it has cost two seconds', (_, text, words) => {
    const started = process.cpuUsage()
    expect(String(read(text))).toContain(words)
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1e6).toBeLessThan(2)
  })
})
