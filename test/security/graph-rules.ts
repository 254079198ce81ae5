import { type Made, SAME, type Twin } from '../support/twin-world'

/** Global ids of what one tenant has. */
export interface Ids {
  readonly member: string
  readonly second: string
  readonly transaction: string
  readonly activity: string
  readonly redemption: string
  readonly store: string
  readonly hold: string
}

/** Who may call a field at the top of the graph, and how to call it about a tenant's things. */
export interface GraphRule {
  readonly scope: 'read' | 'write' | 'admin'
  readonly variables: (ids: Ids, tenant: Twin, made: Made) => Readonly<Record<string, unknown>>
}

const reads = (variables: GraphRule['variables'] = () => ({})): GraphRule => ({ scope: 'read', variables })

/** Nothing is to be left behind by those who may: they only ask what would happen. */
const writes = (input: GraphRule['variables'], scope: 'write' | 'admin' = 'write'): GraphRule => ({
  scope,
  variables: (...about) => ({ input: { dryRun: true, ...input(...about) } }),
})

const line = { productId: 'shoe', quantity: '1', unitPrice: '5' }

/** A field without a rule here fails the test of the matrix, whoever adds it. */
export const GRAPH_RULES: Readonly<Record<string, GraphRule>> = {
  'Query.group': reads(() => ({ groupId: 'g1' })),
  'Query.issuance': reads(() => ({ orderId: SAME.issuance })),
  'Query.member': reads(({ member }) => ({ id: member })),
  'Query.members': reads(() => ({ first: 5 })),
  'Query.node': reads(({ member }) => ({ id: member })),
  'Query.nodes': reads(({ member, second, transaction, activity, redemption, store }) => ({
    ids: [member, second, transaction, activity, redemption, store],
  })),
  'Query.order': reads(() => ({ orderId: SAME.order })),
  'Query.potentialPoints': reads(({ member }) => ({ cart: { memberId: member, lines: [line] } })),
  'Query.programs': reads(),
  'Query.stores': reads(() => ({ first: 5 })),
  'Query.transaction': reads((_ids, _tenant, { transactionId }) => ({ number: transactionId })),
  'Mutation.adjustPoints': writes(({ member }) => ({ memberId: member, points: '1', reason: 'r' }), 'admin'),
  'Mutation.awardPoints': writes(({ member }) => ({ memberId: member, points: '1' })),
  'Mutation.captureHold': writes(({ hold }) => ({ holdId: hold })),
  'Mutation.changeIssuance': writes(() => ({ orderId: SAME.issuance, move: 'RETURN' })),
  'Mutation.changeOrder': writes(() => ({ orderId: SAME.order, move: 'SHIP' })),
  'Mutation.createGroup': writes(({ second }) => ({ groupId: 'g2', memberId: second, name: 'New' })),
  'Mutation.enrollMember': writes((_ids, { annexId }) => ({
    identities: [{ door: 'annex', type: 'id', value: annexId }],
  })),
  'Mutation.holdPoints': writes(({ member }) => ({ memberId: member, points: '1', reason: 'r' })),
  'Mutation.joinGroup': writes(({ member }) => ({ groupId: 'g1', memberId: member })),
  'Mutation.leaveGroup': writes(({ second }) => ({ memberId: second })),
  'Mutation.linkIdentities': writes(({ member }) => ({
    memberId: member,
    identities: [{ door: 'capillary', type: 'externalId', value: 'e-1', source: 'INSTORE' }],
  })),
  'Mutation.placeOrder': writes(({ member }) => ({ memberId: member, orderId: 'new-order', lines: [line] })),
  'Mutation.recordIssuance': writes(({ member }) => ({
    ...{ memberId: member, orderId: 'new-issuance', points: '1', total: '1' },
  })),
  'Mutation.recordTransaction': writes(({ member, store }) => ({
    ...{ memberId: member, billNumber: 'new-bill', storeId: store, total: '5' },
    lines: [{ itemCode: 'tea', quantity: '1', rate: '5' }],
  })),
  'Mutation.redeemPoints': writes(({ member }) => ({ memberId: member, points: '1', reason: 'r' })),
  'Mutation.releaseHold': writes(({ hold }) => ({ holdId: hold })),
  'Mutation.returnTransaction': writes(({ transaction }) => ({ transactionId: transaction, kind: 'FULL' })),
  'Mutation.reverseAward': writes(({ activity }) => ({ activityId: activity })),
  'Mutation.reverseRedemption': writes(({ redemption }) => ({ redemptionId: redemption, points: '1' })),
  'Mutation.rewriteIssuance': writes(() => ({ orderId: SAME.issuance, points: '1', total: '1' })),
  'Mutation.transferPoints': writes(({ member, second }) => ({
    ...{ memberId: member, toMemberId: second, points: '1', reason: 'r' },
  })),
  'Mutation.unlinkIdentities': writes(({ member }, { mobile }) => ({
    memberId: member,
    identities: [{ door: 'capillary', type: 'mobile', value: mobile, source: 'INSTORE' }],
  })),
  'Mutation.updateMember': writes(({ member }) => ({ memberId: member, firstName: 'Changed' })),
  'Subscription.memberChanged': reads(({ member }) => ({ memberId: member })),
  'Subscription.pointsActivityAdded': reads(({ member }) => ({ memberId: member })),
}
