import { Client } from 'pg'

/** The statements that the database is sent meanwhile, sign-in left out. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  // Called on the client that it is sent through.
  // oxlint-disable-next-line typescript/unbound-method
  const original = Client.prototype.query as (...args: unknown[]) => unknown
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...args: unknown[]
  ) {
    const [statement] = args
    const text = typeof statement === 'string' ? statement : (statement as { text: string }).text
    if (!text.includes('from api_keys')) sent.push(text)
    return original.apply(this, args) as never
  })
  try {
    await work()
  } finally {
    spy.mockRestore()
  }
  return sent
}
