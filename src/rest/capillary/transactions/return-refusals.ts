import type { ReturnRefusal, ReturnRefused } from '../../../domain/transactions/errors'
import type { ReturnNotice } from '../../../domain/transactions/planned-return'
import type { Code } from '../codes'
import { type CapillaryRefusal, item, refusal, type StatusItem } from '../errors'
import type { ErrorCatalogue } from '../settings'

interface ReturnFailure {
  readonly code: Code
  /** The number in the newer catalog, where it differs (section 21.2). */
  readonly current?: Code
  readonly message: string
}

/** What each reason against a return is called here (sections 7 and 21.2). One line per reason. */
export const RETURN_FAILURES: Record<ReturnRefusal, ReturnFailure> = {
  ORIGINAL_NOT_FOUND: { code: 625, current: 688, message: 'The transaction to return was not found.' },
  ORIGINAL_ID_NOT_FOUND: { code: 625, current: 603, message: 'There is no transaction with this id.' },
  OF_ANOTHER_MEMBER: { code: 668, message: 'The number is not one of a transaction of this customer.' },
  ID_OF_ANOTHER_MEMBER: { code: 667, message: 'The id is not one of a transaction of this customer.' },
  REFERENCE_CONTRADICTS: { code: 602, message: 'The number is not that of the transaction with this id.' },
  SEVERAL_ORIGINALS: { code: 9614, message: 'Several transactions have this number; send the id.' },
  OUTLIER_ORIGINAL: { code: 1121, message: 'A transaction that is an outlier cannot be returned.' },
  BEFORE_SALE: { code: 624, message: 'The return lies before the sale.' },
  CANCELED: { code: 614, message: 'The transaction has been cancelled.' },
  ALL_RETURNED: { code: 633, message: 'The whole transaction has been returned.' },
  PARTLY_RETURNED: { code: 639, message: 'A part has been returned; the whole no longer can be.' },
  AMOUNT_AFTER_LINES: {
    code: 635,
    current: 632,
    message: 'Lines have been returned; an amount no longer can be.',
  },
  LINES_AFTER_AMOUNT: {
    code: 632,
    current: 638,
    message: 'An amount has been returned; lines no longer can be.',
  },
  ONLY_LINES_LEFT: { code: 636, message: 'Lines have been returned; only other lines can be.' },
  REPEATED: { code: 634, message: 'This return has been stored before.' },
  LEFT_GROUP: { code: 673, message: 'The customer has left the group that the transaction was made for.' },
  NOT_RETURNABLE: { code: 673, current: 660, message: 'The transaction cannot be returned, or no longer.' },
  LINE_NOT_RETURNABLE: { code: 674, current: 660, message: 'The line cannot be returned, or no longer.' },
  NO_LINES: { code: 679, current: 1635, message: 'There are no lines to return.' },
  NO_MATCHING_LINE: { code: 688, current: 687, message: 'No line of the transaction matches.' },
  PART_OF_BUNDLE: { code: 688, current: 682, message: 'A part of a bundle cannot be returned alone.' },
  MORE_THAN_BOUGHT: { code: 626, message: 'More would be returned than was bought.' },
  MORE_THAN_LEFT: { code: 629, message: 'More would be returned than is left.' },
  AMOUNT_TOO_HIGH: {
    code: 630,
    message: 'The amount is not more than zero, or more than is left to return.',
  },
  LINE_AMOUNT_TOO_HIGH: { code: 678, current: 630, message: 'The amount is more than that of the line.' },
}

/** A refused return in the vendor's words. Pure. */
export function returnRefusal({ reason, about }: ReturnRefused, catalogue: ErrorCatalogue): CapillaryRefusal {
  const { code, current, message } = RETURN_FAILURES[reason]
  const number = catalogue === 'current' ? (current ?? code) : code
  return refusal(400, number, about === null ? message : `${message} (${about})`)
}

/** What is said of a return that was taken all the same. */
const NOTICES: Record<ReturnNotice['kind'], (about: string, catalogue: ErrorCatalogue) => StatusItem> = {
  UNKNOWN_ORIGINAL: (about) =>
    item(625, `The transaction ${about} is not known; its return was stored on its own.`),
  UNMATCHED_LINE: (about, catalogue) =>
    item(catalogue === 'current' ? 687 : 688, `No line of the transaction matches ${about}.`),
  TAKEN_AS_MEMBERS: (about) => item(9616, `Transaction ${about} is a customer's; it was returned as such.`),
  UNKNOWN_GROUP: (about) => item(1619, `There is no group ${about}; the points go to the customer.`),
  UNKNOWN_GROUP_KEY: (about) => item(1632, `There is no group ${about}; the points go to the customer.`),
  NOT_IN_GROUP: (about) =>
    item(1620, `The customer is not in the group ${about}; the points go to the customer.`),
  NO_RETURN_LIMIT: (about) => item(9615, `Transaction ${about} has no limit of days for its return.`),
}

/** A notice in the vendor's words. Pure. */
export const noticeWarning = ({ kind, about }: ReturnNotice, catalogue: ErrorCatalogue): StatusItem =>
  NOTICES[kind](about, catalogue)
