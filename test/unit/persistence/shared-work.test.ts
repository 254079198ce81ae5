import { SharedWork } from '../../../src/persistence/points/shared-work'

/** Work that ends when it is told to, and what it was asked to do. */
function aWorkshop(mostUnderWay = 1) {
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
  /** What came in one turn of the event loop is started after it. */
  const nextTurn = () => new Promise(setImmediate)
  const endNext = async () => {
    ends.shift()?.()
    await nextTurn()
    await nextTurn()
  }
  return { batches, endNext, nextTurn, work: new SharedWork(doAll, mostUnderWay) }
}

// Patience is real time, of which a busy machine may take any amount between two turns.
beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] }))
afterEach(() => jest.useRealTimers())

describe('work that is shared', () => {
  it('does together what comes in one turn, and what comes meanwhile', async () => {
    const { batches, endNext, nextTurn, work } = aWorkshop()
    const first = ['a', 'b'].map((item) => work.add('queue', item))
    const beside = work.add('another queue', 'c')
    await nextTurn()
    expect(batches).toEqual([['a', 'b'], ['c']])
    const meanwhile = [work.add('queue', 'd')]
    await nextTurn()
    meanwhile.push(work.add('queue', 'e'))
    await nextTurn()
    expect(batches).toEqual([['a', 'b'], ['c']])
    await endNext()
    expect(batches).toEqual([['a', 'b'], ['c'], ['d', 'e']])
    await endNext()
    await endNext()
    expect(await Promise.all([...first, beside, ...meanwhile])).toEqual([
      ...['a done', 'b done', 'c done', 'd done', 'e done'],
    ])
  })

  it('keeps apart what shares a name, in the order it came', async () => {
    const { batches, endNext, nextTurn, work } = aWorkshop()
    const add = (item: string, ...names: string[]) => work.add('queue', item, names)
    const answers = [add('a'), add('b', 'x'), add('c', 'x', 'y'), add('d', 'y'), add('e', 'z')]
    await nextTurn()
    for (let round = 0; round < 3; round++) await endNext()
    expect(batches).toEqual([['a', 'b', 'e'], ['c'], ['d']])
    expect(await Promise.all(answers)).toHaveLength(5)
  })

  it('keeps apart what shares a name with what is under way', async () => {
    const { batches, endNext, nextTurn, work } = aWorkshop(2)
    const answers = [work.add('queue', 'a', ['x'])]
    await nextTurn()
    answers.push(work.add('queue', 'b', ['x']), work.add('queue', 'c', ['y']))
    await nextTurn()
    expect(batches).toEqual([['a'], ['c']])
    await endNext()
    expect(batches).toEqual([['a'], ['c'], ['b']])
    await endNext()
    await endNext()
    expect(await Promise.all(answers)).toEqual(['a done', 'b done', 'c done'])
  })

  it('tells each how its own work ended, and all of what broke all', async () => {
    const { endNext, nextTurn, work } = aWorkshop()
    const answers = ['a', 'b', 'fails', 'c'].map((item) => work.add('queue', item))
    const settled = Promise.allSettled(answers)
    await nextTurn()
    const last = Promise.allSettled(['d', 'breaks all'].map((item) => work.add('queue', item)))
    await endNext()
    await endNext()
    expect((await settled).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ])
    expect((await last).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('lets others go on when a batch waits for somebody', async () => {
    const { batches, endNext, nextTurn, work } = aWorkshop()
    const slow = work.add('queue', 'slow')
    await nextTurn()
    const next = work.add('queue', 'next')
    jest.advanceTimersByTime(24)
    await nextTurn()
    expect(batches).toEqual([['slow']])
    jest.advanceTimersByTime(1)
    await nextTurn()
    expect(batches).toEqual([['slow'], ['next']])
    await endNext()
    await endNext()
    expect(await Promise.all([slow, next])).toEqual(['slow done', 'next done'])
  })
})
