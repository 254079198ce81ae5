import { getMetadataStorage } from 'class-validator'
import { type Members, type Schema, TEXT } from '../shared/openapi'
import { AT_MOST, type FieldRule, NOT_NEGATIVE, type Reader, rulesOf } from './contract'
import { asSent, choice, decimal, flag, list, listOrOne, map, text, texts, trimmed } from './lenient'
import { word } from './transactions/add-transaction.contract'
import { attribution } from './transactions/attribution'
import { moment } from './time'

type ContractClass = new () => object

/**
 * What a contract class takes, as JSON Schema: values in every form in which they are read, blank and null for what
 * is not sent. `members` describes objects that a class keeps as they came. Throws for a reader nobody has described.
 */
export function takenBy(type: ContractClass, members: Readonly<Record<string, Members>> = {}): Schema {
  const properties = rulesOf(type).flatMap((rule) => {
    const known = members[rule.property]
    const schema = { ...memberSchema(rule, members), ...rulesAbout(type, rule.property) }
    const shown = known ? { ...schema, properties: known } : schema
    return rule.names.map((name) => [name, name === rule.property ? shown : alias(shown, rule)] as const)
  })
  return { type: 'object', properties: Object.fromEntries(properties) }
}

const alias = (schema: Schema, { property }: FieldRule): Schema => ({
  ...schema,
  description: `Read as ${property}.`,
})

function memberSchema(
  { property, read, each }: FieldRule,
  members: Readonly<Record<string, Members>>,
): Schema {
  const schema = READ_AS.get(read)
  if (!schema) throw new Error(`${property}: no schema for its reader`)
  return each ? { ...schema, items: takenBy(each.type, members) } : schema
}

const LENIENT_TEXT: Schema = { type: ['string', 'number', 'boolean', 'null'] }
const LENIENT_DATE: Schema = {
  type: ['string', 'null'],
  description: 'ISO 8601, with or without an offset; UTC without one.',
}

const READ_AS = new Map<Reader<unknown>, Schema>([
  [asSent, {}],
  [text, LENIENT_TEXT],
  [trimmed, LENIENT_TEXT],
  [choice, LENIENT_TEXT],
  [word, LENIENT_TEXT],
  [decimal, { type: ['number', 'string', 'null'] }],
  [flag, { type: ['boolean', 'string', 'null'] }],
  [map, { type: ['object', 'null'] }],
  [list, { type: ['array', 'null'] }],
  [listOrOne, { type: ['array', 'object', 'null'] }],
  [texts, { type: ['array', 'null'], items: LENIENT_TEXT }],
  [moment, LENIENT_DATE],
  [
    attribution,
    {
      type: ['object', 'null'],
      properties: {
        createDate: LENIENT_DATE,
        createdBy: { type: ['object', 'null'], properties: { code: TEXT, type: TEXT } },
      },
    },
  ],
])

/** What the rules of class-validator add: the words, the sign, the length. */
function rulesAbout(type: ContractClass, property: string): Schema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)
  return Object.assign(
    {},
    ...metadata
      .filter(({ propertyName }) => propertyName === property)
      .map(({ name = '', constraints }) => SAID_BY[name]?.(constraints) ?? {}),
  ) as Schema
}

const SAID_BY: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isIn: ([words]) => ({ description: `In any letter case: ${(words as readonly string[]).join(', ')}.` }),
  [NOT_NEGATIVE]: () => ({ minimum: 0 }),
  [AT_MOST]: ([characters]) => ({ maxLength: characters }),
}
