import { annexEndpoints } from '../../../src/rest/annex/endpoints'
import { annexOpenApi } from '../../../src/rest/annex/openapi'
import { describeDocument } from '../../support/openapi-suite'
import { OMITTED } from './omitted'

describe('the OpenAPI document of the Annex door', () => {
  describeDocument({
    door: 'annex',
    document: annexOpenApi(),
    endpoints: annexEndpoints,
    omitted: OMITTED,
  })
})
