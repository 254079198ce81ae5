import { callsOf, PINNED, sha256OfPinned, VENDORS } from '../../support/pinned-contract'

describe.each(VENDORS)("the pinned contract of the %s door", (vendor) => {
  it('is the document that was given, to the byte', () => {
    expect(sha256OfPinned(vendor)).toBe(PINNED[vendor].sha256)
  })

  it('has every module and operation that the scope names', () => {
    const calls = callsOf(vendor)
    const { tags, operations } = PINNED[vendor].scope
    expect(tags.filter((tag) => !calls.some(({ module }) => module === tag))).toEqual([])
    expect(operations.filter((name) => !calls.some((call) => call.name === name))).toEqual([])
  })
})
