import { present } from '../domain/shared/present'
import type { DemoHistory } from './demo-history'

/** Something a demo member bought, by price as decimal text. */
export interface DemoItem {
  readonly code: string
  readonly name: string
  readonly quantity: number
  readonly price: string
}

export interface DemoEvent {
  readonly kind: 'order' | 'bill' | 'action' | 'redeem'
  /** Epoch milliseconds. */
  readonly at: number
  /** Unique among all events. */
  readonly ref: string
  /** For whoever has to choose among several. */
  readonly pick: number
  readonly items: readonly DemoItem[]
}

export interface DemoPerson {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly mobile: string
  readonly joinedAt: number
  /** In the order in which they happened. */
  readonly events: readonly DemoEvent[]
}

const FIRST_NAMES =
  'Aarav Ananya Arjun Diya Ishaan Kavya Meera Neha Nikhil Priya Rahul Rohan Sana Tara Vikram Zoya'.split(' ')
const LAST_NAMES =
  'Bose Chopra Das Gupta Iyer Joshi Kapoor Khan Menon Mehta Nair Patel Rao Reddy Shah Singh'.split(' ')
const CATALOG: readonly (readonly [code: string, name: string, price: string])[] = [
  ['tee-basic', 'Cotton T-shirt', '14.90'],
  ['jeans-slim', 'Slim jeans', '49.00'],
  ['mug-blue', 'Enamel mug', '9.50'],
  ['lamp-desk', 'Desk lamp', '34.00'],
  ['bag-tote', 'Canvas tote', '19.90'],
  ['shoes-run', 'Running shoes', '79.00'],
  ['coffee-1kg', 'Coffee beans, 1 kg', '18.75'],
  ['notebook', 'Dotted notebook', '6.20'],
]
const DAY = 86_400_000

/** People and what they did, up to `now`: the same for the same seed. Pure. */
export function demoPeople({ members, years, seed }: DemoHistory, now: number): readonly DemoPerson[] {
  const dice = new Dice(seed)
  return Array.from({ length: members }, (_, index) => personOf(dice, index + 1, now, years * 365 * DAY))
}

function personOf(dice: Dice, number: number, now: number, span: number): DemoPerson {
  const firstName = dice.oneOf(FIRST_NAMES)
  const lastName = dice.oneOf(LAST_NAMES)
  // Somebody has been here from the beginning; most joined on the way.
  const joinedAt = now - Math.round(span * (number === 1 ? 1 : dice.between(0.05, 1)))
  return {
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${number}@example.com`.toLowerCase(),
    mobile: `9190000${String(number).padStart(5, '0')}`,
    joinedAt,
    events: eventsOf(dice, number, joinedAt, now),
  }
}

/** From now and then to every week: how often somebody shops differs more between people than over time. */
function eventsOf(dice: Dice, person: number, from: number, to: number): readonly DemoEvent[] {
  const pause = dice.between(25, 160) * DAY
  const events: DemoEvent[] = []
  let at = from + 60_000
  for (let n = 1; at < to && n <= MOST_EVENTS; n++) {
    events.push({ kind: kindOf(dice), at, ref: `${person}-${n}`, pick: dice.upTo(97), items: itemsOf(dice) })
    at += Math.round(pause * dice.between(0.3, 1.7))
  }
  return events
}

const MOST_EVENTS = 30

function kindOf(dice: Dice): DemoEvent['kind'] {
  const roll = dice.between(0, 1)
  if (roll < 0.42) return 'order'
  if (roll < 0.8) return 'bill'
  return roll < 0.9 ? 'action' : 'redeem'
}

const itemsOf = (dice: Dice): readonly DemoItem[] =>
  Array.from({ length: 1 + dice.upTo(3) }, () => {
    const [code, name, price] = dice.oneOf(CATALOG)
    return { code, name, price, quantity: 1 + dice.upTo(2) }
  })

/** Mulberry32: small, fast, and the same everywhere. */
class Dice {
  constructor(private state: number) {}

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** 0 to n - 1. */
  upTo(n: number): number {
    return Math.floor(this.next() * n)
  }

  oneOf<T>(choices: readonly T[]): T {
    return present(choices[this.upTo(choices.length)], 'a choice')
  }
}
