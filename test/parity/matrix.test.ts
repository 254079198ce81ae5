import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOT_EMITTED } from '../../src/rest/capillary/codes'
import type { Exchange } from '../support/exchange-recorder'
import { isGreen, type Known, type Matrix, matrixOf } from './matrix'

const exchange = (parts: Partial<Exchange>): Exchange => ({
  file: 'test/contract/annex/some.test.ts',
  test: 'some case',
  method: 'GET',
  url: '/api/3.0/points/user%40domain.com',
  headers: {},
  body: '',
  status: 200,
  answer: '{}',
  answerHeaders: [],
  ...parts,
})

const matrix = (
  exchanges: readonly Exchange[],
  { known = [], passed = () => 'some case' }: { known?: Known[]; passed?: () => string | null } = {},
): Matrix => matrixOf('annex', { exchanges, passed, known })

const stateOf = ({ rows }: Matrix, name: string) => rows.find(({ row }) => row.name === name)?.is.state

const POINTS = 'get /points/{memberId}'

describe('the parity page', () => {
  const textOf = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8')

  it('is summed up in the README, line by line', () => {
    const sums = textOf('docs/parity.md')
      .split('\n')
      .filter((line) => /^(Annex Cloud|Capillary): \d+ operations in scope/.test(line))
    expect(sums).toHaveLength(2)
    expect(sums.filter((line) => !textOf('README.md').includes(`- ${line}\n`))).toEqual([])
  })
})

describe('the parity matrix', () => {
  it('has nothing shown before a test has run, and says so', () => {
    const empty = matrix([])
    expect(empty.rows.filter(({ is }) => is.state === 'proven')).toEqual([])
    expect(isGreen(empty)).toBe(false)
    expect(empty.outOfScope.map(({ name }) => name)).toContain('post /receipts')
  })

  it('takes an answer for a field when its JSON type is the documented one', () => {
    const shown = matrix([exchange({ answer: '{"availablePoints": 3, "id": 3}' })])
    expect(stateOf(shown, POINTS)).toBe('proven')
    expect(stateOf(shown, `${POINTS} 200`)).toBe('proven')
    expect(stateOf(shown, `${POINTS} 200 answers availablePoints`)).toBe('proven')
    expect(stateOf(shown, `${POINTS} 200 answers id`)).toBe('open')
    expect(shown.misfits).toEqual([`${POINTS} 200 answers id: number (some case)`])
  })

  it('learns nothing of a field from a null, and nothing at all from a case that failed', () => {
    const answer = '{"pointsToExpireDate": null, "availablePoints": 3}'
    expect(stateOf(matrix([exchange({ answer })]), `${POINTS} 200 answers pointsToExpireDate`)).toBe('open')
    const failed = matrix([exchange({ answer })], { passed: () => null })
    expect(stateOf(failed, `${POINTS} 200 answers availablePoints`)).toBe('open')
  })

  it('takes a call for a field only when it was accepted, made sense, and our own document knows the field', () => {
    const sent = (status: number, test = 'some case') =>
      matrix(
        [
          exchange({
            method: 'POST',
            url: '/api/3.0/orders',
            body: '{"orderId": "1", "orderDetail": [{"quantity": 2}], "currency": ""}',
            status,
          }),
        ],
        { passed: () => test },
      )
    expect(stateOf(sent(200), 'post /orders takes orderDetail.quantity')).toBe('proven')
    expect(stateOf(sent(400), 'post /orders takes orderDetail.quantity')).toBe('open')
    expect(stateOf(sent(200, 'nonsense in orders'), 'post /orders takes orderDetail.quantity')).toBe('open')
  })

  it('takes a refused method for what each operation of the path says of it, and for nothing else', () => {
    const answer = '{"errorCode": "AC1003", "errorMessage": "Method Not Allowed"}'
    const shown = matrix([exchange({ method: 'DELETE', status: 405, answer })])
    expect(stateOf(shown, `${POINTS} 405`)).toBe('proven')
    expect(stateOf(shown, 'any 405, MethodNotAllowed, answers errorCode')).toBe('proven')
    expect(stateOf(shown, POINTS)).toBe('open')
    expect(stateOf(shown, 'post /orders 405')).toBe('open')
  })

  it('finds codes in the entries of a bulk answer', () => {
    const answer = '{"1": {"id": "x", "errorCode": "AC1005", "errorMessage": "No data found"}}'
    const { codes } = matrix([exchange({ method: 'POST', url: '/api/3.0/bulkpoints', answer })])
    expect(codes.flatMap(({ code, is }) => (is.state === 'proven' ? [code.code] : []))).toEqual(['AC1005'])
  })

  it('takes the reason of a code that is never emitted from the table of the door, and asks for a case of all others', () => {
    const { codes } = matrixOf('capillary', { exchanges: [], passed: () => null, known: [] })
    const states = new Map(codes.map(({ code, is }) => [code.code, is]))
    expect(states.get(9602)).toEqual({ state: 'known', reason: NOT_EMITTED[9602] })
    expect(states.get(604)).toMatchObject({ state: 'open' })
  })

  it('judges items of a bulk call by what they repeat, except what was refused or sent as nonsense', () => {
    const item = (errors: object[]) => JSON.stringify({ response: [{ result: { note: 1 }, errors }] })
    const judged = (answer: string, name = 'some case') =>
      matrixOf('capillary', {
        exchanges: [exchange({ method: 'POST', url: '/v2/transactions/bulk', answer })],
        passed: () => name,
        known: [],
      }).misfits
    expect(judged(item([]))).toEqual([
      'post /v2/transactions/bulk 200 answers response.result.note: number (some case)',
    ])
    expect(judged(item([{ code: 604 }]))).toEqual([])
    expect(judged(item([]), 'nonsense')).toEqual([])
  })

  it('excuses what is known, and no longer than it is needed', () => {
    const rows = `${POINTS} 200 answers *`
    const known: Known[] = [{ vendor: 'annex', rows, reason: 'for this test' }]
    expect(stateOf(matrix([], { known }), `${POINTS} 200 answers availablePoints`)).toBe('known')
    const shown = { ...known[0]!, rows: `${POINTS} 200` }
    expect(matrix([exchange({})], { known: [shown] }).stale).toEqual([`${POINTS} 200`])
  })
})
