import { amendDoor } from '../../../domain/programs/amend-door'
import type { Decimal } from '../../../domain/shared/decimal'
import { isJsonMap, JsonNumber, type Writable } from '../../shared/json'
import { DOOR } from '../auth'
import { type Answer, type Call, type CapillaryEndpoint, jsonBody } from '../call'
import { refusal } from '../errors'
import { choice, decimal, UNREADABLE } from '../lenient'

export const organizationEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'POST',
    path: '/v2/currencyratio',
    operation: 'setCurrencyRatio',
    handle: setCurrencyRatio,
  },
  {
    method: 'GET',
    path: '/v2/currencyratio',
    operation: 'getCurrencyRatios',
    handle: currencyRatios,
  },
]

/** Sets what a unit of a currency is in INR, for sales in a local currency from now on. */
async function setCurrencyRatio({ deps, signIn, request }: Call): Promise<Answer> {
  const { code, ratio } = ratioIn(request)
  await amendDoor(deps.loyalty, signIn.caller, {
    door: DOOR,
    setting: 'currencyRatios',
    entries: { [code]: ratio.toFixed() },
  })
  return answered(entityOf(code, ratio))
}

function currencyRatios({ signIn }: Call): Promise<Answer> {
  const ratios = [...signIn.settings.currencyRatios]
  return Promise.resolve(answered(ratios.map(([code, ratio]) => entityOf(code, ratio))))
}

const entityOf = (currencyCode: string, ratio: Decimal): Writable => ({
  currencyCode,
  ratioInr: new JsonNumber(ratio.toFixed()),
})

const answered = (entity: Writable): Answer => ({
  status: 200,
  body: { entity, errors: [], success: true, warnings: [] },
})

function ratioIn(request: Call['request']): { readonly code: string; readonly ratio: Decimal } {
  const sent = jsonBody(request)
  if (!isJsonMap(sent)) throw refusal(400, 400, 'The body must be a JSON object.')
  const code = choice(sent['currencyCode'])
  const ratio = decimal(sent['ratioInr'])
  if (code === undefined) throw refusal(400, 403, 'currencyCode is mandatory.')
  if (ratio === undefined) throw refusal(400, 403, 'ratioInr is mandatory.')
  if (code === UNREADABLE || !/^[A-Z]{3}$/.test(code))
    throw refusal(400, 400, 'currencyCode must be an ISO 4217 code.')
  // As many places as the setup takes.
  if (ratio === UNREADABLE || !ratio.gt(0) || ratio.decimalPlaces() > 6)
    throw refusal(400, 1102, 'ratioInr must be a number above 0 with at most six decimals.')
  if (code === 'INR' && !ratio.eq(1)) throw refusal(400, 1102, 'The ratio of INR to itself is 1.')
  return { code, ratio }
}
