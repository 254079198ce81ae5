import 'reflect-metadata'
import { ValidateBy, validateSync, type ValidationError, type ValidationOptions } from 'class-validator'
import { Decimal } from '../../domain/shared/decimal'
import { keepsRules } from '../shared/contract-rules'
import type { JsonMap, JsonValue } from '../shared/json'
import { isJsonMap } from '../shared/json'
import type { Code } from './codes'
import { list, type Read, UNREADABLE } from './lenient'

/** The steps in which a transaction is checked (capillary.md section 5); the first that finds something ends the work. */
export const STEPS = ['READ', 'STRUCTURE', 'CUSTOMER', 'AMOUNTS', 'DATES', 'CURRENCY'] as const
export type Step = (typeof STEPS)[number]

/** Something wrong with a body: the step that notices, the catalogue's number, our words. */
export interface Problem {
  readonly step: Step
  readonly code: Code
  /** What it is about, where that is one value. */
  readonly field: string | null
  /** Our words, the field not repeated. */
  readonly message: string
}

/** Which step notices something, and its number. */
type Verdict = Pick<Problem, 'step' | 'code'>

/** Those of the first step that has any, because it ends the check (contract, section 5). Pure. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const step = STEPS.find((candidate) => problems.some((problem) => problem.step === candidate))
  const first = problems.filter((problem) => problem.step === step)
  // A value that cannot be read is missing as well, which is not worth saying.
  return [...new Map(first.map((problem) => [`${problem.code} ${problem.field}`, problem])).values()]
}

export type Reader<T> = (value: JsonValue | undefined) => Read<T>

/** How one property of a contract class is read. */
export interface FieldRule {
  readonly property: string
  /** Names the member may have in the body; the first that was sent wins. */
  readonly names: readonly string[]
  readonly read: Reader<unknown>
  readonly unreadable: Verdict
  readonly each: EachRule | null
}

export interface EachRule {
  readonly type: new () => object
  /** Whether `{}` is as good as nothing, as clients think of payment modes. */
  readonly skipsEmpty: boolean
}

const rules = new Map<object, FieldRule[]>()

const MALFORMED = { step: 'READ', code: 400 } as const

interface ReadsOptions {
  /** Other spellings that clients use. */
  readonly aliases?: readonly string[]
  /** Where and as what a value that cannot be read counts; 400 at once unless the catalogue knows better. */
  readonly unreadable?: Verdict
}

/** Says how a property of a contract class is read from the body. */
export const Reads =
  (read: Reader<unknown>, { aliases = [], unreadable = MALFORMED }: ReadsOptions = {}): PropertyDecorator =>
  (prototype, property) =>
    addRule(prototype, {
      property: String(property),
      names: [String(property), ...aliases],
      read,
      unreadable,
      each: null,
    })

/** Says that a property is a list of objects of another contract class. */
export const ReadsEach =
  (
    type: new () => object,
    { read = list, skipsEmpty = false }: { read?: Reader<readonly JsonValue[]>; skipsEmpty?: boolean } = {},
  ): PropertyDecorator =>
  (prototype, property) =>
    addRule(prototype, {
      property: String(property),
      names: [String(property)],
      read,
      unreadable: MALFORMED,
      each: { type, skipsEmpty },
    })

/** How the properties of a contract class are read. */
export const rulesOf = (type: new () => object): readonly FieldRule[] =>
  rules.get(type.prototype as object) ?? []

function addRule(prototype: object, rule: FieldRule): void {
  rules.set(prototype, [...(rules.get(prototype) ?? []), rule])
}

/** Ties a class-validator rule to the catalogue: the step in which it counts, the number, our words. */
export const refuse = (step: Step, code: Code, message: string): ValidationOptions => ({
  message,
  context: { step, code } satisfies Verdict,
})

export const NOT_NEGATIVE = 'notNegative'
export const AT_MOST = 'atMost'

/** A decimal that is not below zero; what was not sent is not. */
export const NotNegative = (options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: NOT_NEGATIVE,
      validator: { validate: (value) => !(value instanceof Decimal) || !value.isNegative() },
    },
    options,
  )

/** Text of at most so many characters, counted as the database counts them. */
export const AtMost = (characters: number, options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: AT_MOST,
      constraints: [characters],
      validator: { validate: (value) => typeof value !== 'string' || Array.from(value).length <= characters },
    },
    options,
  )

/** A body read into its contract class, and everything wrong with it, in the order of the body. */
export function readContract<T extends object>(
  type: new () => T,
  body: JsonMap,
): { readonly value: T; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const value = readInto(type, body, '', problems)
  const invalid = keepsRules(value) ? [] : validateSync(value, { forbidUnknownValues: false })
  return { value, problems: [...problems, ...invalid.flatMap((error) => problemsOf(error, ''))] }
}

function readInto<T extends object>(type: new () => T, body: JsonMap, path: string, problems: Problem[]): T {
  const target = new type()
  for (const rule of rulesOf(type)) {
    const sent = sentFor(rule, body)
    // Most of what a body may have it has not.
    const value = sent === undefined ? undefined : rule.read(sent)
    if (value === undefined) continue
    const { property, unreadable, each } = rule
    if (value === UNREADABLE) {
      problems.push({ ...unreadable, field: `${path}${property}`, message: 'cannot be read' })
    } else {
      const kept = each
        ? readEach(each, value as readonly JsonValue[], `${path}${property}`, problems)
        : value
      ;(target as Record<string, unknown>)[property] = kept
    }
  }
  return target
}

/** Under the first of a member's names that was sent. */
function sentFor({ names }: FieldRule, body: JsonMap): JsonValue | undefined {
  for (const name of names) {
    const sent = body[name]
    if (sent !== undefined) return sent
  }
  return undefined
}

function readEach(
  { type, skipsEmpty }: EachRule,
  items: readonly JsonValue[],
  path: string,
  problems: Problem[],
): readonly object[] {
  return items.flatMap((item, index) => {
    if (isJsonMap(item)) {
      const isEmpty = Object.keys(item).length === 0
      return skipsEmpty && isEmpty ? [] : [readInto(type, item, `${path}[${index}].`, problems)]
    }
    if (item !== null)
      problems.push({ ...MALFORMED, field: `${path}[${index}]`, message: 'must be an object' })
    return []
  })
}

function problemsOf({ property, constraints, contexts, children }: ValidationError, path: string): Problem[] {
  const here = /^\d+$/.test(property) ? `${path}[${property}]` : path ? `${path}.${property}` : property
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => {
    // Every rule of a contract class is written with `refuse`, which gives it a verdict.
    const verdict = contexts?.[rule] as Verdict
    return { ...verdict, field: here, message }
  })
  return [...own, ...(children ?? []).flatMap((child) => problemsOf(child, here))]
}
