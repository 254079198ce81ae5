import { toProblems } from '../../../src/setup/problems'
import { setupSchema } from '../../../src/setup/schema'

/** What a document is told whose program has these figures, without the place of the program. */
function told(program: object): readonly string[] {
  const basis = { key: 'main', programId: 1, default: true, ...program }
  const document = { version: 1, tenants: [{ key: 'k', name: 'K', currency: 'EUR', programs: [basis] }] }
  const { error } = setupSchema.safeParse(document)
  return toProblems(error?.issues ?? []).map(({ path, message }) => `${path.split('].').at(-1)}: ${message}`)
}

describe('a figure of a setup', () => {
  it.each([
    [-1, 'must not be negative'],
    ['-0.5', 'must not be negative'],
    ['0.1234567', 'must not have more than 6 decimals'],
    ['12345678901234', 'must not have more than 13 digits before the point'],
    [12345678901234, 'must not have more than 13 digits before the point'],
    [0.5, 'must be decimal text, such as "0.75"'],
    ['1e3', 'must be decimal text, such as "0.75"'],
    [true, 'must be decimal text, such as "0.75"'],
    [undefined, 'is required'],
  ])('in decimals that is %p %s', (ratio, words) => {
    expect(told({ purchase: { actionId: 1, ratio } })).toEqual([`purchase.ratio: ${words}`])
  })

  it.each([
    [-1, 'must not be negative'],
    [0, 'must be more than zero'],
    ['0.00', 'must be more than zero'],
    ['1.2345', 'must not have more than 3 decimals'],
    [null, 'must be points as decimal text, such as "12.5"'],
  ])('in points that is %p %s', (cost, words) => {
    expect(told({ rewards: [{ rewardId: 1, name: 'R', cost }] })).toEqual([`cost: ${words}`])
  })

  it.each([
    [-1, 'must not be negative'],
    [4, 'must be at most 3'],
    [0.5, 'must be a whole number'],
    ['2', 'must be a number'],
    [null, 'must be a number'],
  ])('that counts and is %p %s', (pointsDecimals, words) => {
    expect(told({ pointsDecimals })).toEqual([`pointsDecimals: ${words}`])
  })
})
