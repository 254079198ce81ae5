import { getMetadataStorage, type ValidationArguments } from 'class-validator'

/**
 * Whether an object of a contract class keeps every rule of its class and of its parts'. What class-validator finds
 * fault with never does; asked first, it spares the library's bookkeeping to the many bodies that are right. False
 * also where a class has a rule that is not known here: then the library must be asked.
 */
export function keepsRules(body: object): boolean {
  const rules = rulesOf(body.constructor)
  return rules?.every((rule) => keeps(rule, body)) ?? false
}

interface PropertyRules {
  readonly name: string
  /** When one says no, nothing else is asked of the property. */
  readonly conditions: readonly ((body: object, value: unknown) => boolean)[]
  readonly checks: readonly ((value: unknown) => unknown)[]
  readonly hasParts: boolean
}

function keeps({ name, conditions, checks, hasParts }: PropertyRules, body: object): boolean {
  const value = (body as Readonly<Record<string, unknown>>)[name]
  if (!conditions.every((applies) => applies(body, value))) return true
  if (!checks.every((check) => check(value) === true)) return false
  if (!hasParts || value === undefined) return true
  return Array.isArray(value) ? value.every(isWholePart) : isWholePart(value)
}

const isWholePart = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && !Array.isArray(part) && keepsRules(part)

/** By class, read once; null where something is not known. */
const known = new WeakMap<object, readonly PropertyRules[] | null>()

function rulesOf(contract: object): readonly PropertyRules[] | null {
  const found = known.get(contract)
  if (found !== undefined) return found
  const rules = read(contract)
  known.set(contract, rules)
  return rules
}

/** The library tells that something must be there apart from its other checks. */
const CHECKS = ['isDefined', 'customValidation']
const KINDS = [...CHECKS, 'conditionalValidation', 'nestedValidation']

function read(contract: object): readonly PropertyRules[] | null {
  const storage = getMetadataStorage()
  // The library's own way to ask: a class, no schema, no groups.
  const all = storage.getTargetValidationMetadatas(contract as () => void, '', false, false)
  const isOdd = all.some(
    ({ type, each, validateIf }) =>
      !KINDS.includes(type) || (CHECKS.includes(type) && each) || validateIf !== undefined,
  )
  if (all.length === 0 || isOdd) return null
  return Object.entries(storage.groupByPropertyName(all)).map(([name, metadata]) => {
    const of = (...kinds: string[]) => metadata.filter(({ type }) => kinds.includes(type))
    return {
      name,
      conditions: of('conditionalValidation').map(
        ({ constraints }) => (constraints as PropertyRules['conditions'])[0] ?? (() => true),
      ),
      checks: of(...CHECKS).flatMap(({ constraintCls, constraints }) =>
        storage.getTargetValidatorConstraints(constraintCls).map(({ instance }) => {
          const asked: ValidationArguments = {
            ...{ targetName: '', property: name, object: {}, value: undefined },
            constraints: constraints ?? [],
          }
          return (value: unknown) => instance.validate(value, asked)
        }),
      ),
      hasParts: of('nestedValidation').length > 0,
    }
  })
}
