import type { Amount } from '../../domain/shared/money'
import { formatPoints, type Points } from '../../domain/shared/points'
import { JsonNumber } from '../shared/json'

/** Figures as JSON numbers, digit by digit: nothing passes through a float, and large sums print plainly (section 13). */
export const amountNumber = (amount: Amount): JsonNumber => new JsonNumber(amount)
export const pointsNumber = (points: Points): JsonNumber => new JsonNumber(formatPoints(points))
export const idNumber = (id: string): JsonNumber => new JsonNumber(id)
