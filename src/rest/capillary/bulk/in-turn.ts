import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Things that are done some at a time and in their order, while whoever brings them gets the next ones ready: the
 * database works on some while this process works on others.
 */
export class InTurn<Item, Done> {
  private waiting: Item[] = []
  private done: Promise<void> = Promise.resolve()
  private told: Promise<void> = Promise.resolve()
  private underWay = 0

  /**
   * `doSome` gets so many at first and so many afterwards, never the next ones before it is done with these. What became of
   * them is told once the next ones have begun.
   */
  constructor(
    private atOnce: number,
    private readonly afterwards: number,
    private readonly doSome: (items: readonly Item[]) => Promise<Done>,
    private readonly tell: (items: readonly Item[], done: Done) => Promise<void>,
  ) {}

  add(item: Item): void {
    this.waiting.push(item)
    if (this.waiting.length >= this.atOnce) this.send()
  }

  /** To be called between two pieces of work: lets go on what is under way. */
  async giveWay(): Promise<void> {
    if (this.underWay > 0) await nextTurn()
  }

  /** Ends when all are done and told. Throws what `doSome` or `tell` threw; what came after that is not done. */
  async finish(): Promise<void> {
    this.send()
    await this.done
    await this.told
  }

  private send(): void {
    const items = this.waiting
    if (items.length === 0) return
    this.waiting = []
    this.atOnce = this.afterwards
    this.underWay++
    const some = this.done.then(() => this.doSome(items)).finally(() => this.underWay--)
    this.done = some.then(() => undefined)
    this.told = this.tellOf(items, some, this.told)
    // Whoever waits for the end hears of it.
    this.done.catch(() => undefined)
    this.told.catch(() => undefined)
  }

  private async tellOf(items: readonly Item[], some: Promise<Done>, before: Promise<void>): Promise<void> {
    const done = await some
    await nextTurn()
    await this.tell(items, done)
    await before
  }
}
