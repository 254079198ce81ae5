import { availableParallelism } from 'node:os'

/** More would hold the locks of many wallets for long. */
const LARGEST_BATCH = 32

/** So many batches of a queue are under way at once: fewer share more, more use more of the database. */
export const MOST_UNDER_WAY = Math.max(1, Math.floor(availableParallelism() / 2))

/** A batch that takes longer than this waits for somebody, and must not keep others waiting. */
const PATIENCE_MILLIS = 25

interface Waiting<Item, Result> {
  readonly item: Item
  readonly names: readonly string[]
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

interface Queue<Item, Result> {
  waiting: Waiting<Item, Result>[]
  underWay: number
  /** The names of what is under way and has not taken too long. */
  readonly taken: Set<string>
  /** It will be looked at when this turn of the event loop is over. */
  isDue: boolean
}

/**
 * Work that can be done for many at little more than the cost of one. Items of a queue that come in one turn of the event
 * loop, as those do that one answer of the database has set going, or while enough is under way, are done together; those
 * that share a name never are, nor at the same time unless the first takes long. `doAll` answers how each ends, aligned;
 * what it throws is everybody's.
 */
export class SharedWork<Item, Result> {
  private readonly queues = new Map<string, Queue<Item, Result>>()

  constructor(
    private readonly doAll: (items: readonly Item[]) => Promise<readonly (() => Result)[]>,
    private readonly mostUnderWay = MOST_UNDER_WAY,
  ) {}

  add(name: string, item: Item, names: readonly string[] = []): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? { waiting: [], underWay: 0, taken: new Set(), isDue: false }
      this.queues.set(name, queue)
      queue.waiting.push({ item, names, resolve, reject })
      this.startSoon(name, queue)
    })
  }

  private startSoon(name: string, queue: Queue<Item, Result>): void {
    if (queue.isDue || queue.underWay >= this.mostUnderWay) return
    queue.isDue = true
    setImmediate(() => {
      queue.isDue = false
      this.start(name, queue)
    })
  }

  private start(name: string, queue: Queue<Item, Result>): void {
    if (queue.underWay >= this.mostUnderWay) return
    const [batch, left] = firstBatch(queue.waiting, queue.taken)
    if (batch.length === 0) {
      if (queue.underWay === 0) this.queues.delete(name)
      return
    }
    queue.waiting = left
    const names = batch.flatMap((one) => one.names)
    for (const taken of names) queue.taken.add(taken)
    queue.underWay++
    let isCounted = true
    const makeRoom = (): void => {
      if (!isCounted) return
      isCounted = false
      queue.underWay--
      for (const taken of names) queue.taken.delete(taken)
      this.startSoon(name, queue)
    }
    const impatience = setTimeout(makeRoom, PATIENCE_MILLIS)
    void this.run(batch).then(() => {
      clearTimeout(impatience)
      makeRoom()
    })
    if (left.length > 0) this.startSoon(name, queue)
  }

  private async run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const ends = await this.doAll(batch.map(({ item }) => item))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const end = ends[index]
        try {
          if (!end) throw new Error('work that was shared gave no answer')
          resolve(end())
        } catch (error) {
          reject(error)
        }
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}

/** As many from the front as may go together beside what is under way, and who has to wait for them. Pure. */
function firstBatch<Item, Result>(
  waiting: readonly Waiting<Item, Result>[],
  underWay: ReadonlySet<string>,
): [readonly Waiting<Item, Result>[], Waiting<Item, Result>[]] {
  const taken = new Set(underWay)
  const batch: Waiting<Item, Result>[] = []
  const left: Waiting<Item, Result>[] = []
  for (const one of waiting) {
    if (batch.length < LARGEST_BATCH && one.names.every((name) => !taken.has(name))) batch.push(one)
    else left.push(one)
    for (const name of one.names) taken.add(name)
  }
  return [batch, left]
}
