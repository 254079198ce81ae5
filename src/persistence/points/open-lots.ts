/*
 * Lots of one account, as a subquery beside it. `offset 0` keeps the planner from turning it around: of a wallet with
 * thousands of lots it would read them all, and ask afterwards which of them were wanted.
 */

/**
 * Lots of which something is left, first to expire first. They stand behind the account's mark, so that lots which are
 * spent are not read. `awarded > 0` asks for the index of that order; sql/mark.v2.sql says why it must be asked for.
 */
export const openLots = (account: string): string => `
  select o.* from lot o
   where o.tenant_id = ${account}.tenant_id and o.account_id = ${account}.account_id and o.awarded > 0
     and (o.expires_at, o.lot_no) > (${account}.open_from_expiry, ${account}.open_from_lot) and o.remaining > 0
   order by o.expires_at, o.lot_no offset 0`

/** Lots that wait to mature. None of them matures before the account is due. */
export const pendingLots = (account: string): string => `
  select o.* from lot o
   where o.tenant_id = ${account}.tenant_id and o.account_id = ${account}.account_id and o.delayed
     and o.matures_at >= ${account}.next_due_at and not o.matured and o.remaining > 0
   order by o.matures_at offset 0`
