import { TierRow } from './tiers/tier.row'

/** Every TypeORM row of the application, for the data source. */
export const rows: (new () => object)[] = [TierRow]
