export type { Meter } from '../../domain/shared/meter'
