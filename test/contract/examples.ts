import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { DoorWorld } from '../support/door-world'
import { organization } from './capillary/capillary-setup'

/** One example: calls in order, each with what must come back. */
export interface Example {
  readonly name: string
  /** Whose credentials sign the calls; `demo` when left out. */
  readonly tenant?: string
  /** A tenant of its own instead, for what depends on settings: those of the Capillary door (`{key}` stands for its key), and members besides Ann. */
  readonly organization?: {
    readonly config: object
    readonly capillary?: object
    /** Of its one program. */
    readonly program?: object
    readonly members?: readonly object[]
    readonly groups?: readonly object[]
  }
  /** Sets the sandbox's clock before the first call. */
  readonly now?: string
  readonly steps: readonly Step[]
}

export interface Step {
  /** Sets the sandbox's clock before this call. */
  readonly now?: string
  readonly request: {
    readonly method: string
    /** `{createdId}` and `{lineItems.0.id}` stand for what an earlier answer said, here and in the body; `{key}` for the tenant's. */
    readonly path: string
    /** Sent as JSON text, or as it stands when it is text. */
    readonly body?: unknown
    /** So many blanks follow it. */
    readonly padding?: number
    /** Besides those that sign in; a name in lower case replaces one of them. */
    readonly headers?: Readonly<Record<string, string>>
  }
  readonly reply: {
    readonly status: number
    /** Members that must be there and equal; others may be there, too. */
    readonly body: object
    /** Members of the body that must not be there. */
    readonly absent?: readonly string[]
    readonly headers?: Record<string, string>
  }
  /** Makes the database fail while the call runs. */
  readonly fault?: { readonly sql: string; readonly undo: string }
  /** A statement whose locks somebody else holds while the call runs. */
  readonly held?: string
}

export interface NamedExample {
  /** From this folder on. */
  readonly file: string
  /** The tenant that it speaks to. */
  readonly tenant: string
  readonly example: Example
}

/** The examples in a door's folder. */
export const examplesOf = (door: string): readonly NamedExample[] => {
  const folder = join(__dirname, door)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name, index) => {
      const example = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Example
      const tenant = example.organization ? `own${index}` : (example.tenant ?? 'demo')
      return { file: relative(__dirname, join(folder, name)), tenant, example }
    })
}

/** The tenants that examples ask for. */
export const organizationsOf = (examples: readonly NamedExample[]) =>
  examples.flatMap(({ tenant, example: { organization: wanted } }, index) => {
    if (!wanted) return []
    const more = JSON.parse(JSON.stringify(wanted.capillary ?? {}).replaceAll('{key}', tenant)) as object
    const own = organization(tenant, 7000 + index, wanted.config, more, wanted.program)
    const { members = [], groups } = wanted
    // Passwords are hashed slowly on purpose, and two tills will do.
    const capillary = { ...own.capillary, tills: own.capillary.tills.slice(0, 2) }
    return [{ ...own, capillary, members: [...own.members, ...members], ...(groups && { groups }) }]
  })

/** A step with what earlier answers said in place of its `{names}`. */
export function filled(step: Step, said: Readonly<Record<string, unknown>>): Step {
  const fill = (text: string) =>
    text.replace(/\{([\w.]+)\}/g, (whole, path: string) => {
      const value = path.split('.').reduce<unknown>(memberOf, said)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : whole
    })
  // Of the whole step at once, because names may stand anywhere in it; no value of an answer needs escaping.
  return JSON.parse(fill(JSON.stringify(step))) as Step
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

/** Runs a call while something is wrong with the database, if the step says so. */
export async function underFault<T>(
  { dataSource }: DoorWorld['app'],
  { fault, held }: Step,
  call: () => Promise<T>,
): Promise<T> {
  if (held !== undefined)
    return dataSource.transaction(async (holder) => {
      await holder.query(held)
      return call()
    })
  if (!fault) return call()
  await dataSource.query(fault.sql)
  try {
    return await call()
  } finally {
    await dataSource.query(fault.undo)
  }
}

/** The codes of all errors and warnings in an answer. */
export function codesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return []
  if ('status' in value && 'code' in value && 'message' in value && value.status === false)
    return typeof value.code === 'number' ? [value.code] : []
  return Object.values(value).flatMap(codesIn)
}
