import { setImmediate as nextTurn } from 'node:timers/promises'
import { InTurn } from '../../../src/rest/capillary/bulk/in-turn'

/** Work that ends when it is told to, what has begun, and what was told meanwhile. */
function aWorkshop() {
  const begun: (readonly string[])[] = []
  const events: string[] = []
  const ends: ((error?: Error) => void)[] = []
  const doSome = async (items: readonly string[]) => {
    begun.push(items)
    events.push(`begun ${items.join('')}`)
    await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())))
    return items.length
  }
  const tell = async (items: readonly string[], done: number) => {
    if (items.includes('untold')) throw new Error('not told')
    events.push(`told ${done} of ${items.join('')}`)
  }
  const work = new InTurn<string, number>(2, 3, doSome, tell)
  const end = async (error?: Error) => {
    ends.shift()?.(error)
    await nextTurn()
  }
  return { begun, events, end, work }
}

describe('work done in turn', () => {
  it('begins some while the next are brought, and never before those that came first are done', async () => {
    const { begun, end, work } = aWorkshop()
    for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) {
      work.add(item)
      await work.giveWay()
    }
    expect(begun).toEqual([['a', 'b']])
    const finished = work.finish()
    await end()
    expect(begun).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ])
    await end()
    await end()
    await finished
    expect(begun).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']])
    await work.finish()
  })

  it('tells of an accident at the end, and does not begin what came after it', async () => {
    const { begun, end, work } = aWorkshop()
    for (const item of ['a', 'b', 'c', 'd', 'e']) work.add(item)
    await nextTurn()
    await end(new Error('broken'))
    await expect(work.finish()).rejects.toThrow('broken')
    expect(begun).toEqual([['a', 'b']])
  })

  it('tells what became of some when the next have begun, and all by the end', async () => {
    const { events, end, work } = aWorkshop()
    for (const item of ['a', 'b', 'c', 'd', 'e']) work.add(item)
    const finished = work.finish()
    await nextTurn()
    await end()
    await end()
    await finished
    expect(events).toEqual(['begun ab', 'begun cde', 'told 2 of ab', 'told 3 of cde'])
  })

  it('tells at the end of what could not be told', async () => {
    const { end, work } = aWorkshop()
    for (const item of ['a', 'untold', 'c']) work.add(item)
    await nextTurn()
    await end()
    const finished = work.finish()
    await nextTurn()
    await end()
    await expect(finished).rejects.toThrow('not told')
  })
})
