const EARNING_ELSEWHERE =
  'one schema describes all three calls: points are shown by GET earning only, as in the samples (section 17)'
const CREDIT_NOTES =
  'credit notes are made through v1.1 only, which is not served: no transaction has one (section 17)'
const COUPON = 'coupons are a module of their own, which is out of scope: no sale issues one'
const TARGET =
  'milestones are set up outside of these calls, and no rule of a setup knows any: no sale reaches one'
const NO_DOWNSTREAM = 'nothing runs after it that could be put off, skipped or waited for'
const ONE_LANGUAGE = 'ignored, as published: messages are in one language (section 1)'
const NEVER_SHOWN = 'ignored: no documented answer shows it again'

const COUPON_EFFECT = [
  'id',
  'couponType',
  'couponCode',
  'trimmedCouponCode',
  'validTill',
  'description',
  'discountCode',
]
const RAW_VOUCHER = [
  'issueDate',
  'amount',
  'delayInSec',
  'emailDelayInSec',
  'emailTemplateId',
  'maxRedemptionDivisor',
  'mobilePushDelayInSecs',
  'orgId',
  'shortenUrlCheck',
  'smsSenderId',
  'smsTemplate',
  'sourceTypeId',
  'userId',
  'voucherCode',
  'voucherId',
  'voucherSeriesId',
  'weChatDelay',
]
const RAW_TARGET = [
  'targetEvaluationType',
  'periodStartDate',
  'periodEndDate',
  'currentEventTargetValue',
  'definedTargetValue',
  'periodRefCode',
  'targetAchievedValueAfterEvent',
  'targetAchievedValueBeforeEvent',
  'targetGroupId',
  'targetGroupName',
  'targetName',
  'targetRuleId',
]

const rows = (prefix: string, names: readonly string[], why: string) =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, why]))

const effects = (answers: string) => ({
  ...rows(`${answers}sideEffects.`, COUPON_EFFECT, COUPON),
  ...rows(`${answers}rawSideEffects.`, RAW_VOUCHER, COUPON),
  ...rows(`${answers}rawSideEffects.`, RAW_TARGET, TARGET),
})

/** Where an answer shows an earning, and where the document puts the keys of its sources. */
const SOURCE_KEYS = [
  'billDetails.pointsEarningEntities.billPoints',
  'lineItems.pointsEarningEntities.lineItemPoints',
].map(
  (points) =>
    `get /v2/earning/{transactionId} answers ${points}.currentPointsBreakup.regularPointsInfo.availablePointsInfo.actionSourceDetails.actionPointsDetail.sourceIdentifiers.`,
)

/** What is documented of this door and not here, each with its reason. A row that has come to be here must leave. */
export const OMITTED: Readonly<Record<string, string>> = {
  ...effects('post /v2/transactions answers '),
  ...effects('post /v2/transactions/bulk answers response.result.'),
  ...rows('post /v2/transactions', [' header Accept-Language', '/bulk header Accept-Language'], ONE_LANGUAGE),
  'put /v2/transactions header X-CAP-DIRECT-REPLAY': NO_DOWNSTREAM,
  'put /v2/transactions header SKIP-DOWNSTREAM': NO_DOWNSTREAM,
  'put /v2/transactions/bulk header SKIP-DOWNSTREAM': NO_DOWNSTREAM,
  'get /v2/transactions/{id} query credit_notes': CREDIT_NOTES,
  'get /v2/transactions/{id} answers creditNote': CREDIT_NOTES,
  'get /v2/transactions/getByBillNumber/{billNumber} answers data.creditNote': CREDIT_NOTES,
  'get /v2/earning/{transactionId} answers creditNote': CREDIT_NOTES,
  ...rows(
    'get /v2/transactions/',
    [
      '{id} answers billDetails.pointsEarningEntities',
      '{id} answers lineItems.pointsEarningEntities',
      'getByBillNumber/{billNumber} answers data.billDetails.pointsEarningEntities',
      'getByBillNumber/{billNumber} answers data.lineItems.pointsEarningEntities',
    ],
    EARNING_ELSEWHERE,
  ),
  ...Object.assign(
    {},
    ...SOURCE_KEYS.map((prefix) =>
      rows(prefix, ['key', 'value'], 'rules of a setup have no sources of their own'),
    ),
  ),
  'post /v2/customers header WAIT_FOR_DOWNSTREAM': NO_DOWNSTREAM,
  'post /v2/customers header X-CAP-DIRECT-REPLAY': NO_DOWNSTREAM,
  'post /v2/customers query mlp_single_enroll': 'every member belongs to every program',
  'post /v2/customers takes endPointsEnabled':
    'no message is sent to anybody from here, so none can be switched on',
  'post /v2/customers takes loyaltyProgramEnrollments.tierExpiryDate':
    'a tier cannot be brought along: warning 1010 says so',
  'post /v2/customers takes profiles.identifiers.customFields': NEVER_SHOWN,
  'post /v2/customers takes profiles.identifiers.extendedFields': NEVER_SHOWN,
  'get /v2/customers/{userId} header language': ONE_LANGUAGE,
  'get /v2/customers/{userId}/transactions query localCurrency':
    'ignored: what the answer looks like is not published',
  'post /v2/customers/{userId}/redemptions takes source':
    'the customer is named by number, which is the same in every source',
  'post /v2/customers/{userId}/redemptions takes validationCode': 'redemptions ask for no validation code',
}
