import { SharedWork } from '../../../src/persistence/points/shared-work'

/** Work that ends when it is told to, and what it was asked to do. */
function aWorkshop() {
  const batches: (readonly string[])[] = []
  const ends: (() => void)[] = []
  const doAll = async (items: readonly string[]) => {
    batches.push(items)
    await new Promise<void>((resolve) => ends.push(resolve))
    if (items.includes('breaks all')) throw new Error('broken')
    return items.map((item) => () => {
      if (item === 'fails') throw new Error('refused')
      return `${item} done`
    })
  }
  const endNext = async () => {
    ends.shift()?.()
    await new Promise(setImmediate)
  }
  return { batches, endNext, work: new SharedWork(doAll, 1) }
}

describe('work that is shared', () => {
  it('does what comes alone at once, and together what comes meanwhile', async () => {
    const { batches, endNext, work } = aWorkshop()
    const answers = ['a', 'b', 'c'].map((item) => work.add('queue', item))
    const beside = work.add('another queue', 'd')
    expect(batches).toEqual([['a'], ['d']])
    await endNext()
    expect(batches).toEqual([['a'], ['d'], ['b', 'c']])
    await endNext()
    await endNext()
    expect(await Promise.all([...answers, beside])).toEqual(['a done', 'b done', 'c done', 'd done'])
  })

  it('keeps apart what shares a name, in the order it came', async () => {
    const { batches, endNext, work } = aWorkshop()
    const add = (item: string, ...names: string[]) => work.add('queue', item, names)
    const answers = [add('a'), add('b', 'x'), add('c', 'x', 'y'), add('d', 'y'), add('e', 'z')]
    for (let round = 0; round < 4; round++) await endNext()
    expect(batches).toEqual([['a'], ['b', 'e'], ['c'], ['d']])
    expect(await Promise.all(answers)).toHaveLength(5)
  })

  it('tells each how its own work ended, and all of what broke all', async () => {
    const { endNext, work } = aWorkshop()
    const answers = ['a', 'b', 'fails', 'c'].map((item) => work.add('queue', item))
    const settled = Promise.allSettled(answers)
    await endNext()
    const last = Promise.allSettled(['d', 'breaks all'].map((item) => work.add('queue', item)))
    await endNext()
    await endNext()
    expect((await settled).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ])
    expect((await last).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('lets others go on when a batch waits for somebody', async () => {
    const { batches, endNext, work } = aWorkshop()
    const slow = work.add('queue', 'slow')
    const next = work.add('queue', 'next')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(batches).toEqual([['slow'], ['next']])
    await endNext()
    await endNext()
    expect(await Promise.all([slow, next])).toEqual(['slow done', 'next done'])
  })
})
