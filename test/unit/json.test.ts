import fc from 'fast-check'
import { JsonNumber, MalformedJson, parseJson, plainJson, writeJson } from '../../src/rest/shared/json'

const parse = (text: string) => parseJson(Buffer.from(text))
const refusalOf = (bytes: Buffer | string): string => {
  try {
    parseJson(Buffer.from(bytes))
  } catch (error) {
    if (error instanceof MalformedJson) return error.reason
    throw error
  }
  return 'accepted'
}

describe('parsing JSON', () => {
  it('reads what JSON.parse reads and writes it back, numbers by their text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        fc.pre(
          !/__proto__|constructor|prototype|\\u0000/.test(text) &&
            !/\p{Surrogate}/u.test(JSON.stringify(JSON.parse(text))),
        )
        expect(JSON.parse(writeJson(parse(text)))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('refuses exactly what JSON.parse refuses, apart from its own stricter rules', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      ',',
      '1',
      '-',
      '.5',
      '1e5',
      '01',
      'true',
      'nul',
      ' ',
      '\\',
      '"',
      '\n',
      'é',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join('')),
        (text) => {
          let expected = true
          try {
            JSON.parse(text)
          } catch {
            expected = false
          }
          expect(refusalOf(text) === 'accepted').toBe(expected)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('keeps the text of a number', () => {
    expect(parse('{"a":100.10,"b":0.1234567890123456789}')).toEqual({
      a: new JsonNumber('100.10'),
      b: new JsonNumber('0.1234567890123456789'),
    })
  })

  it.each([
    ['1e2', '100'],
    ['-1.25E+3', '-1250'],
    ['1.25e-3', '0.00125'],
    ['125e-1', '12.5'],
    ['0.5e1', '5'],
    ['5e-1', '0.5'],
    ['0e5', '0'],
    ['42', '42'],
    ['1e400', null],
    ['1e-400', null],
    ['9'.repeat(400), null],
  ])('expands the exponent of %s', (text, plain) => {
    expect(new JsonNumber(text).plainText()).toBe(plain)
  })

  it.each([
    ['', 'the body is empty'],
    [' \n', 'the body is empty'],
    ['{"a":"\\u0000"}', 'a NUL character in a text'],
    ['{"a":"\0"}', 'a control character in a text'],
    ['{"a":"\\ud800"}', 'half a character in a text'],
    ['{"__proto__":{"x":1}}', 'a name that is not accepted'],
    ['{"\\u005f_proto__":1}', 'a name that is not accepted'],
    ['{"constructor":1}', 'a name that is not accepted'],
    ['['.repeat(33) + ']'.repeat(33), 'more than 32 levels'],
    ['[1]x', 'text after the value'],
    ['{"a":1,}', 'a name in quotes is missing'],
  ])('refuses %j', (text, reason) => {
    expect(refusalOf(text)).toBe(reason)
  })

  it('refuses bytes that are not UTF-8, and objects with very many names', () => {
    expect(refusalOf(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toBe('the body is not UTF-8')
    expect(
      refusalOf(JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`n${i}`, 1])))),
    ).toBe('more than 10000 names')
  })

  it('lets the last of two equal names win and accepts pairs of surrogates', () => {
    expect(parse('{"a":"1","a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' })
  })

  it('makes plain JSON of what is only kept', () => {
    expect(plainJson(parse('{"a":[1.50,{"b":1e400}],"c":null}'))).toEqual({
      a: [1.5, { b: '1e400' }],
      c: null,
    })
  })

  it('gives up on a megabyte of nonsense at once', () => {
    const started = performance.now()
    expect(refusalOf('['.repeat(1_000_000))).toBe('more than 32 levels')
    expect(refusalOf(`{"a":"${'x'.repeat(1_000_000)}`)).toBe('a text does not end')
    expect(performance.now() - started).toBeLessThan(500)
  })
})
