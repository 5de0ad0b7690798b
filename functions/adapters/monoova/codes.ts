/**
 * The codes of Monoova's `status` field that this system acts on. All others leave the outcome open. Sources: [spec] the
 * Payments OpenAPI v5.29; [seen] third parties' tests and clients of v2, which quote live answers; [2017] the documentation of
 * the predecessor API on the same hosts, the only list Monoova ever published.
 */

/** "A code of 'Ok' indicates no errors" [spec]. */
export const OK_CODE = 'Ok';

/** Monoova has the payment. `Ok` and `Pending` are [spec]; `Accepted` is in the plan of this system and in no source. */
export const RECEIVED_CODES: ReadonlySet<string> = new Set([OK_CODE, 'Pending', 'Accepted']);

/** [2017] "The uniqueReference already exists": the first sending arrived. Never a failure. */
export const DUPLICATE_CODE = 'UniqueReferenceExists';

/** [2017] and [seen] "The Unique ID was not found". */
export const NOT_FOUND_CODE = 'UniqueIdNotFound';

/** The key is wrong, or the account is locked after five wrong ones [spec]; the first two codes are [seen], the third is [2017]. */
export const CREDENTIALS_CODES: ReadonlySet<string> = new Set([
  'MerchantFailedToLogin',
  'MerchantLockedOut',
  'Unauthorized',
]);

/**
 * Refusals that say that this payment was looked at and not made. A code is here only if its published text leaves no room for
 * money that moved; `Error` and `Exception` ("Transaction has been cancelled" after an unknown error) are not, on purpose.
 */
export const DECLINE_CODES: ReadonlySet<string> = new Set([
  // The amount [seen, with transactionId 0], [2017]
  'InvalidTotalAmount',
  'FinancialValidateInvalidTotalAmount',
  'FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit',
  'InvalidDisbusrsmentAmount',
  'InvalidDisbursementItemAmount',
  'InvalidAmountsDontMatch',
  // The payee [seen], [2017]
  'FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid',
  'FinancialValidateDisbursementNppCreditBankAccountDetailsAreInvalid',
  // The form of the request [seen], [2017]
  'RequestBodyIsNotTheExpectedType',
  'RequestBodyNotValidJson',
  'ValidationFailed',
  'UniqueReferenceExceedsMaxLength',
  'InvalidDescription',
  'InvalidDescriptionLength',
  'InvalidDisbursementMethod',
  'InvalidDisbursementsCollection',
  // The account that pays: not ours, not usable, or without the money [seen], [2017]
  'PaymentSourceMustNotBeEmpty',
  'InvalidPaymentSource',
  'MAccountMustNotBeNull',
  'MAccountTokenMustNotBeEmpty',
  'InvalidMAccount',
  'MAccountInvalidToTransact',
  'NotAuthorisedToDebitmAccount',
  'DebitTransactionWillExceedSignInCreditLimit',
  'DebitTransactionWillExceedMAccountCreditLimi',
  'DebitTransactionWillExceedMAccountCreditLimit',
]);
