import { EARNING_PERIODS, type EarningPeriod } from '../../domain/points/earning-period'
import type { Program } from '../../domain/programs/program'
import type { Door, TenantSetup } from '../../domain/programs/tenant'

/** The door's name in setups and identities. */
export const ANNEX = 'annex'
export const PREFIX = '/api/3.0'

/** The switches of a site that this door reads, each with the default of the vendor. */
export interface AnnexSettings {
  /** Orders carry their own date and must. */
  readonly customizeOrderDate: boolean
  /** Lines carry a second key and must. */
  readonly secondaryKey: boolean
  /** Members may go into debt. */
  readonly negativePoints: boolean
  /** A member's group pays whatever the member spends. */
  readonly autoGroupRedemption: boolean
  /** Decimals of the money value of points; two make it a string. Null: as many as it has, as a number. */
  readonly creditsToCurrencyDecimals: number | null
  /** Of which period `GET /points` tells what was earned; null: of none. */
  readonly earnedPointsPeriod: EarningPeriod | null
}

export const settingsOf = ({ settings }: Door): AnnexSettings => ({
  customizeOrderDate: settings['customizeOrderDate'] === true,
  secondaryKey: settings['secondaryKey'] === true,
  negativePoints: settings['negativePoints'] === true,
  autoGroupRedemption: settings['autoGroupRedemption'] === true,
  creditsToCurrencyDecimals:
    typeof settings['creditsToCurrencyDecimals'] === 'number' ? settings['creditsToCurrencyDecimals'] : null,
  earnedPointsPeriod: EARNING_PERIODS.find((period) => period === settings['earnedPointsPeriod']) ?? null,
})

/** The program that the site's settings name, or the tenant's default. */
export const programOf = ({ programs, defaultProgram }: TenantSetup, { settings }: Door): Program =>
  programs.find(({ key }) => key === settings['program']) ?? defaultProgram
