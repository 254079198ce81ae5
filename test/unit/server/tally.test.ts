import { Histogram, Registry } from 'prom-client'
import { Tally } from '../../../src/server/tally'

describe('a tally', () => {
  it('shows what prom-client shows of the same values', async () => {
    const [ours, theirs] = [new Registry(), new Registry()]
    for (const labelNames of [[], ['route', 'status']]) {
      const metric = {
        name: `taken_${labelNames.length}`,
        help: 'Time "taken".',
        labelNames,
        buckets: [0.1, 1, 5],
      }
      const tally = new Tally({ ...metric, registers: [ours] })
      const histogram = new Histogram({ ...metric, registers: [theirs] })
      expect(await ours.metrics()).toBe(await theirs.metrics())
      for (const value of [0, 0.1, 0.100001, 0.5, 1, 5, 6])
        for (const labels of labelNames.length === 0
          ? [{}]
          : [
              { route: '/a"\n', status: 200 },
              { route: '', status: 500 },
            ]) {
          tally.add(labels, value)
          histogram.observe(labels, value)
        }
    }
    const text = await ours.metrics()
    expect(text).toContain('taken_2_count{route="",status="500"} 7')
    expect(text).toBe(await theirs.metrics())
  })
})
