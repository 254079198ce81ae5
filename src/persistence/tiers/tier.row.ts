import { Entity } from 'typeorm'
import type { Decimal } from '../../domain/shared/decimal'
import type { ProgramId, TenantId, TierId } from '../../domain/shared/ids'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import type { Tier } from '../../domain/tiers/tier'
import {
  AmountColumn,
  DecimalColumn,
  IdColumn,
  IntegerColumn,
  PointsColumn,
  PrimaryIdColumn,
  TenantColumn,
  TextColumn,
} from '../columns'

@Entity('tiers')
export class TierRow implements Tier {
  @TenantColumn() readonly tenantId!: TenantId
  @PrimaryIdColumn('tier_id') readonly id!: TierId
  @IdColumn('program_id') readonly programId!: ProgramId
  @IntegerColumn('rank') readonly rank!: number
  @TextColumn('name') readonly name!: string
  @PointsColumn('min_lifetime_points', { nullable: true }) readonly minLifetimePoints!: Points | null
  @AmountColumn('min_spend', { nullable: true }) readonly minSpend!: Amount | null
  @PointsColumn('min_period_points', { nullable: true }) readonly minPeriodPoints!: Points | null
  @AmountColumn('min_period_spend', { nullable: true }) readonly minPeriodSpend!: Amount | null
  @DecimalColumn('purchase_ratio', { nullable: true }) readonly purchaseRatio!: Decimal | null
}
