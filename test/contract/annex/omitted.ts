const CAMPAIGN = 'a setup has no campaigns: of one that nobody knows only the id that came is given back'
const BALANCE = 'a balance afterwards is told of a change; a record that is read changed nothing'
const MILESTONE = 'shown only with membership by activity, whose milestones another module configures'

/** What is documented of this door and not here, each with its reason. A row that has come to be here must leave. */
export const OMITTED: Readonly<Record<string, string>> = {
  'post /points answers campaignName': CAMPAIGN,
  'post /points answers campaignPoints': CAMPAIGN,
  ...Object.fromEntries(
    ['updatedAvailablePoints', 'updatedLifetimePoints', 'previousTier', 'updatedUserTier'].flatMap((name) => [
      [`post /issuancedetails/{memberId} answers ${name}`, BALANCE],
      [`post /issuancedetails/{memberId} answers issuanceDetail.${name}`, BALANCE],
    ]),
  ),
  ...Object.fromEntries(
    ['post /users', 'get /users/{memberId}', 'patch /users/{memberId}', 'put /users/{memberId}'].flatMap(
      (name) => [
        [`${name} answers activityBasedStatus`, MILESTONE],
        [`${name} answers activityBasedStatus.milestone`, MILESTONE],
      ],
    ),
  ),
  'get /users/{memberId}/tiers answers tierLimitType': 'tiers of a setup have no limit in time',
  'get /users/{memberId}/tiers answers tierLimitPeriod': 'tiers of a setup have no limit in time',
}

/** Members of published answers that an answer of ours has not, or has in another JSON type, each with its reason. */
export const NOT_OF_A_SAMPLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'get /pointsexpiry/{memberId}': { 'expiryDetail: object': 'printed as one block: a list on the wire' },
  'To Redeem Rewards': {
    'multiBucketsData[bucketName]: object': 'a reward costs points of the main kind: no other moves',
    'tier[bucketName]: object': 'a reward costs points of the main kind: no other moves',
  },
  'To Redeem Custom Points': {
    'rewardId: string': 'with a reward it is another variant, which answers it',
    'campaignName: string': CAMPAIGN,
    'campaignPoints: number': CAMPAIGN,
  },
  'To Award Custom Points': { 'campaignName: string': CAMPAIGN, 'campaignPoints: number': CAMPAIGN },
  'To Deduct Custom Points': { 'updatedAvailablePoints: string': 'a misprint: "general survey"' },
  'Transfer points between two members': {
    'pointsNotDeducted: number': 'of a shortage, where nothing is deducted: never beside what was',
  },
}
