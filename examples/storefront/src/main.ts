import { CartPointsText, StorefrontText } from './documents.js'
import type {
  CartPointsQuery,
  CartPointsQueryVariables,
  StorefrontQuery,
  StorefrontQueryVariables,
} from './operations.js'

type Member = NonNullable<StorefrontQuery['member']>
type Program = StorefrontQuery['programs'][number]
type Activity = Member['activities']['nodes'][number]

const at = <Kind extends HTMLElement = HTMLElement>(id: string): Kind => document.getElementById(id) as Kind

/** Text only, never markup: names and reasons are other people's. */
function element(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag)
  made.textContent = text
  made.className = className
  return made
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })
const dated = (instant: string): string => day.format(new Date(instant))
const money = ({ amount, currency }: { amount: string; currency: string }): string =>
  new Intl.NumberFormat('en-IN', { style: 'currency', currency }).format(Number(amount))

async function ask<Data, Variables>(query: string, variables: Variables): Promise<Data> {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data?: Data; errors?: { message: string }[] }
  if (!data) throw new Error(errors?.map(({ message }) => message).join('; ') ?? 'no answer')
  return data
}

function showWallet({ firstName, lastName, tier, points }: Member): void {
  at('name').textContent = [firstName, lastName].filter(Boolean).join(' ')
  at('tier').textContent = tier?.name ?? ''
  at('available').textContent = points.available
  at('worth').textContent = points.currencyValue ? `worth ${money(points.currencyValue)}` : ''
  const { nextExpiry } = points
  at('expiry').textContent = nextExpiry
    ? `${nextExpiry.points} lapse on ${dated(nextExpiry.at)}`
    : 'Nothing lapses.'
}

function showProgress({ tier, tierProgress, points }: Member, tiers: Program['tiers']): void {
  at('tiers').replaceChildren(
    ...tiers.map(({ name }) => element('li', name, name === tier?.name ? 'now' : '')),
  )
  const goal = Number(tierProgress?.next.minLifetimePoints ?? points.lifetime)
  at<HTMLProgressElement>('progress').value = goal === 0 ? 100 : (100 * Number(points.lifetime)) / goal
  const ways = [
    tierProgress?.pointsMissing && `${tierProgress.pointsMissing} points`,
    tierProgress?.spendMissing && `${money(tierProgress.spendMissing)} of shopping`,
  ].filter(Boolean)
  at('missing').textContent = tierProgress
    ? `${ways.join(' or ')} to ${tierProgress.next.name}.`
    : 'You have reached the top.'
}

const WORDS: Record<Activity['kind'], string> = {
  AWARD: 'Earned',
  MATURE: 'Became spendable',
  REDEEM: 'Spent',
  REVERSE: 'Taken back',
  EXPIRE: 'Lapsed',
  HOLD: 'Reserved',
  CAPTURE: 'Spent',
  RELEASE: 'No longer reserved',
  TRANSFER_IN: 'Received',
  TRANSFER_OUT: 'Given',
  ADJUST: 'Corrected',
}

function showHistory({ activities }: Member): void {
  at('history').replaceChildren(
    ...activities.nodes.map(({ kind, points, reason, recordedAt, purchase }) => {
      const row = document.createElement('li')
      const what = document.createElement('span')
      const detail = [dated(recordedAt), purchase && `${purchase.__typename} of ${money(purchase.total)}`]
      what.append(
        `${WORDS[kind]}${reason ? `: ${reason}` : ''} `,
        element('span', detail.filter(Boolean).join(' · '), 'quiet'),
      )
      const isLess = points.startsWith('-')
      row.append(what, element('b', isLess ? points : `+${points}`, isLess ? 'minus' : 'plus'))
      return row
    }),
  )
}

function showRewards({ rewards }: Program, available: string): void {
  at('rewards').replaceChildren(
    ...rewards.map((reward) => {
      const isOpen = reward.available && Number(reward.cost) <= Number(available)
      const row = element('li', '', isOpen ? '' : 'off')
      row.append(
        element('span', reward.available ? reward.name : `${reward.name} (sold out)`),
        element('b', reward.cost),
      )
      return row
    }),
  )
}

const REASONS: Record<string, string> = {
  MEMBER_MAY_NOT_EARN: 'your account does not earn now',
  NO_RULE: 'orders earn nothing here',
  ZERO_RATIO: 'your level earns nothing for orders',
  ZERO_AMOUNT: 'it costs nothing',
  ROUNDED_TO_ZERO: 'it is too little for a point',
}

async function showCart(memberId: string): Promise<void> {
  const form = new FormData(at<HTMLFormElement>('cart'))
  const line = {
    productId: 'demo',
    unitPrice: String(form.get('unitPrice')),
    quantity: String(form.get('quantity')),
  }
  try {
    const { potentialPoints } = await ask<CartPointsQuery, CartPointsQueryVariables>(CartPointsText, {
      cart: { memberId, lines: [line] },
    })
    const { potential, userErrors } = potentialPoints
    const [first] = potential?.lines ?? []
    at('potential').textContent = potential ? `${potential.total} points` : '–'
    at('why').textContent =
      userErrors[0]?.message ??
      (first?.noPointsReason
        ? REASONS[first.noPointsReason]
        : `at ${potential?.ratio} for each unit of money`) ??
      ''
  } catch (error) {
    at('potential').textContent = '–'
    at('why').textContent = String((error as Error).message)
  }
}

/** Asks again whenever something of the member changes, through whatever door. */
async function follow(memberId: string, changed: () => Promise<void>): Promise<void> {
  const answer = await fetch('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      query: 'subscription($id: ID!) { memberChanged(memberId: $id) { id } }',
      variables: { id: memberId },
    }),
  })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    if (part.value.includes('event: next')) await changed()
}

async function show(): Promise<string> {
  const { value } = (await (await fetch('/member.json')).json()) as { value: string }
  const { member, programs } = await ask<StorefrontQuery, StorefrontQueryVariables>(StorefrontText, {
    identity: { door: 'annex', type: 'id', value },
  })
  const program = programs.find(({ isDefault }) => isDefault)
  if (!member || !program) throw new Error(`nobody is known as ${value}`)
  showWallet(member)
  showProgress(member, program.tiers)
  showHistory(member)
  showRewards(program, member.points.available)
  await showCart(member.id)
  document.body.dataset['ready'] = 'yes'
  return member.id
}

show()
  .then((id) => {
    at('cart').addEventListener('input', () => void showCart(id))
    if (!location.search.includes('live=off')) void follow(id, async () => void (await show()))
  })
  .catch((error: Error) => (at('problem').textContent = error.message))
