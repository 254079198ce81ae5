import type { NodeKey } from './global-id'
import { bareId, parseGlobalId } from './global-id'
import { badInput } from './errors'

/** The one of several arguments that was given; refuses none and more than one. `path` leads to where they stand. */
export function exactlyOne<Choice extends Record<string, unknown>>(
  choice: Choice,
  path = '',
): Chosen<Choice> {
  const given = Object.entries(choice).filter(([, value]) => value !== null && value !== undefined)
  const [name, value] = given[0] ?? []
  if (given.length !== 1 || name === undefined) {
    const names = Object.keys(choice).join(' and ')
    throw badInput({
      path: path || names.replaceAll(' and ', ', '),
      message: `needs exactly one of ${names}`,
    })
  }
  return { name, value } as Chosen<Choice>
}

type Chosen<Choice> = {
  [Name in keyof Choice]: { readonly name: Name; readonly value: NonNullable<Choice[Name]> }
}[keyof Choice]

/** The bare id that a client means; refuses what is no id of the type. */
export function idOfType(type: string, text: string, path: string): string {
  const id = bareId(type, text)
  if (id === null) throw badInput({ path, message: `must be the id of a ${type}` })
  return id
}

export function anyId(text: string, path: string): NodeKey {
  const key = parseGlobalId(text)
  if (key === null) throw badInput({ path, message: 'must be an id that this graph gave' })
  return key
}
