import { isJsonArray, type JsonArray, type Writable } from '../../shared/json'
import { type Answer, type Call, isBlank, jsonBody, refusalOf } from '../call'
import { type StatusItem, refusal } from '../errors'
import type { CapillarySettings } from '../settings'

/** What became of one item of a call: shown at its place, whatever became of the others. */
export interface ItemAnswer {
  readonly errors: readonly StatusItem[]
  readonly [name: string]: Writable
}

/** The items of a bulk call. Throws CapillaryRefusal when there are none (615), too many (1060) or no list at all. */
export function itemsOf({ request, signIn }: Call): JsonArray {
  const nothing = () => refusal(400, 615, 'There is no transaction in the call.')
  if (isBlank(request)) throw nothing()
  const items = jsonBody(request)
  if (!isJsonArray(items)) throw refusal(400, 400, 'The body must be a list of transactions.')
  if (items.length === 0) throw nothing()
  const { maxItems } = signIn.settings.bulk
  if (items.length > maxItems)
    throw refusal(400, 1060, `The batch is too large: at most ${maxItems} items are taken.`)
  return items
}

/** Runs items one after the other, so that later ones see what earlier ones did; one that is refused harms no other. */
export async function answersOf<Item>(
  items: readonly Item[],
  answer: (item: Item) => Promise<ItemAnswer>,
): Promise<readonly ItemAnswer[]> {
  const answers: ItemAnswer[] = []
  for (const item of items) answers.push(await answer(item))
  return answers
}

/** What was thrown for one item, as its errors. A bug is told of in the log, for the call as a whole will succeed. */
export function errorsOf({ deps, request }: Call, error: unknown): readonly StatusItem[] {
  const { status, errors } = refusalOf(error, request)
  if (status >= 500)
    deps.log.error({ err: error, requestId: request.requestId }, 'an item of a bulk call failed')
  return errors
}

/** The answer to the whole call (section 15): 200 whatever the outcomes, unless the organization follows the published table. */
export function toBatchAnswer(answers: readonly ItemAnswer[], { bulk }: CapillarySettings): Answer {
  const failureCount = answers.filter(({ errors }) => errors.length > 0).length
  return {
    status: bulk.byTable ? statusOf(failureCount, answers.length) : 200,
    body: { response: answers, totalCount: answers.length, failureCount },
  }
}

function statusOf(failed: number, total: number): number {
  if (failed === 0) return 200
  return failed < total ? 201 : 500
}
