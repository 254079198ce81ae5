import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { TransactionId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import type { MemberRef } from './award-points'
import { RedemptionNotFound, RedemptionOfAnother } from './errors'
import type { Redemption, RedemptionName } from './redemption'

export interface AmendRedemption {
  readonly redemption: RedemptionName
  /** Who redeemed, where the caller says so. */
  readonly member: MemberRef | null
  /** The bill; null for what stays. */
  readonly billNumber: string | null
  readonly transactionId: TransactionId | null
  readonly purpose: string | null
  /** Given names are set, others stay. */
  readonly customFields: JsonObject
}

/** Says more of a redemption: its bill, what it was for. Throws RedemptionNotFound, RedemptionOfAnother, Busy. */
export async function amendRedemption(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { redemption: name, member: who, ...changes }: AmendRedemption,
): Promise<Redemption> {
  return unitOfWork.run(async ({ redemptions, members }) => {
    const redemption = await redemptions.lock(tenant.id, name)
    const said = 'code' in name ? name.code : name.externalRef
    if (!redemption) throw new RedemptionNotFound(said)
    if (who !== null) {
      const [member] =
        typeof who === 'string'
          ? await members.findByIds(tenant.id, [who])
          : await members.findByIdentities(tenant.id, [who])
      if (member?.id !== redemption.memberId) throw new RedemptionOfAnother(said)
    }
    return redemptions.change(tenant.id, redemption.id, changes)
  })
}
