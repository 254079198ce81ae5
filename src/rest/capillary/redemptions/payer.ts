import type { Payer } from '../../../domain/points/group-payment'
import type { Writable } from '../../shared/json'
import { idNumber } from '../numbers'

/** Whose points a part of a redemption was: a customer's, or the group's. No members of a breakup are published. Pure. */
export const payerShown = ({ memberId, groupId }: Payer): Readonly<Record<string, Writable>> =>
  memberId === null ? { userGroup2Id: idNumber(groupId) } : { customerId: idNumber(memberId) }
