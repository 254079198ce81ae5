import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Things that are done some at a time and in their order, while whoever brings them gets the next ones ready: the
 * database works on some while this process works on others.
 */
export class InTurn<Item> {
  private waiting: Item[] = []
  private done: Promise<void> = Promise.resolve()
  private underWay = 0

  /** `doSome` gets so many at first and so many afterwards, never the next ones before it is done with these. */
  constructor(
    private atOnce: number,
    private readonly afterwards: number,
    private readonly doSome: (items: readonly Item[]) => Promise<void>,
  ) {}

  add(item: Item): void {
    this.waiting.push(item)
    if (this.waiting.length >= this.atOnce) this.send()
  }

  /** To be called between two pieces of work: lets go on what is under way. */
  async giveWay(): Promise<void> {
    if (this.underWay > 0) await nextTurn()
  }

  /** Ends when all are done. Throws what `doSome` threw; what came after that is not done. */
  async finish(): Promise<void> {
    this.send()
    await this.done
  }

  private send(): void {
    const items = this.waiting
    if (items.length === 0) return
    this.waiting = []
    this.atOnce = this.afterwards
    this.underWay++
    this.done = this.done.then(() => this.doSome(items)).finally(() => this.underWay--)
    // Whoever waits for the end hears of it.
    this.done.catch(() => undefined)
  }
}
