import { randomBytes } from 'node:crypto'
import { GraphQLScalarType } from 'graphql'

/**
 * A part of an answer that is JSON already, made by the database: it is put into the answer as it is, neither parsed
 * nor written again. To whoever looks at the answer by other means it is the value that it says.
 */
export class JsonText {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    if (!spliced) return JSON.parse(this.text)
    spliced.push(this.text)
    return MARK
  }
}

/** Stands where a text belongs. Nobody outside can know it, so no value of an answer can be it. */
const MARK = randomBytes(24).toString('base64url')
const QUOTED_MARK = `"${MARK}"`

/** The texts of the answer that is being written just now, in the order of their places. */
let spliced: string[] | null = null

/** An answer as JSON. Equal to `JSON.stringify`, with every JsonText in its place. */
export function stringifyAnswer(answer: object): string {
  spliced = []
  try {
    const [first = '', ...rest] = JSON.stringify(answer).split(QUOTED_MARK)
    const texts = spliced
    return rest.length === 0 ? first : first + rest.map((part, index) => `${texts[index]}${part}`).join('')
  } finally {
    spliced = null
  }
}

/** The type of what is spliced in; no schema that we publish has it. */
export const JsonTextScalar = new GraphQLScalarType<JsonText, JsonText>({
  name: 'JsonText',
  serialize: (value) => value as JsonText,
})
