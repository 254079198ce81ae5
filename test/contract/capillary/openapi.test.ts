import { capillaryEndpoints } from '../../../src/rest/capillary/endpoints'
import { capillaryOpenApi } from '../../../src/rest/capillary/openapi'
import { describeDocument } from '../../support/openapi-suite'
import { OMITTED } from './omitted'

describe('the OpenAPI document of the Capillary door', () => {
  describeDocument({
    door: 'capillary',
    document: capillaryOpenApi(),
    endpoints: [
      ...capillaryEndpoints,
      { method: 'POST', path: '/v3/oauth/token/generate', operation: 'generateToken' },
    ],
    omitted: OMITTED,
  })
})
