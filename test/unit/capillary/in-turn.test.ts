import { setImmediate as nextTurn } from 'node:timers/promises'
import { InTurn } from '../../../src/rest/capillary/bulk/in-turn'

/** Work that ends when it is told to, and what has begun. */
function aWorkshop() {
  const begun: (readonly string[])[] = []
  const ends: ((error?: Error) => void)[] = []
  const work = new InTurn<string>(2, 3, async (items) => {
    begun.push(items)
    await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())))
  })
  const end = async (error?: Error) => {
    ends.shift()?.(error)
    await nextTurn()
  }
  return { begun, end, work }
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
})
