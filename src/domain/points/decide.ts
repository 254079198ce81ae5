import { Busy, LoyaltyError } from '../shared/errors'
import type { Stores, UnitOfWork } from '../stores'

/**
 * Runs work whose refusal is a decision of the ledger: it is committed before it is thrown, so that the idempotency
 * key remembers a no as well as a yes, and what was due stays settled. Only for work that writes nothing before its
 * ledger verb. Anything else that is thrown rolls back.
 */
export async function decide<T>(unitOfWork: UnitOfWork, work: (stores: Stores) => Promise<T>): Promise<T> {
  const decision = await unitOfWork.run(async (stores) => {
    try {
      return { value: await work(stores) }
    } catch (error) {
      if (error instanceof LoyaltyError && !(error instanceof Busy)) return { refusal: error }
      throw error
    }
  })
  if ('refusal' in decision) throw decision.refusal
  return decision.value
}
