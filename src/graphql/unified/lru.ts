/** The last so many things that were asked for. */
export class Lru<Value> {
  private readonly entries = new Map<string, Value>()

  constructor(private readonly size: number) {}

  get(key: string): Value | undefined {
    const value = this.entries.get(key)
    if (value === undefined) return undefined
    // A Map keeps the order of insertion: what is asked for moves to its end.
    this.entries.delete(key)
    this.entries.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size > this.size) this.entries.delete(this.entries.keys().next().value as string)
  }
}
