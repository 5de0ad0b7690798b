import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Payee, PayIdType } from './payout.ts';
import { Refusal } from './refusal.ts';

type Details = { readonly payee: Payee; readonly endToEndId: string | null; readonly remitterName: string | null };

const ACCOUNT_NAME_CHARACTERS_MIN = 2;
const PAYID_CHARACTERS_MAX = 256;
const END_TO_END_ID_CHARACTERS_MAX = 35;
const REMITTER_NAME_CHARACTERS_MAX = 140;
const BSB = /^\d{3}-?\d{3}$/;
const ACCOUNT_NUMBER = /^[a-zA-Z0-9]{1,28}$/;

/**
 * The formats of the specification's "PAYID Format Validation". E-mail addresses may be in upper case here: the rule
 * says lower case, but Monoova's own examples are not.
 */
const PAYID_FORMATS: Record<PayIdType, RegExp> = {
  ABN: /^(?:\d{9}|\d{11})$/,
  ACN: /^(?:\d{9}|\d{11})$/,
  PhoneNumber: /^[+]\d{1,3}-[1-9]\d{1,29}$/,
  OrganisationId: /^[!-@[-~][ -@[-~]{0,254}[!-@[-~]$/,
  Email:
    /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
};

/** @throws {Refusal} FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid (the code is known, its text guessed) */
export function readPayIdDetails(value: JsonValue | undefined): Details {
  const invalid = refusalFor('NppCreditPayId');
  const details = objectOr(value, invalid);
  const payIdType = details['payIdType'];
  if (!isPayIdType(payIdType)) throw invalid('payIdType', 'The payIdType has an unknown value');
  const payId = details['payId'];
  const isValid =
    typeof payId === 'string' && payId.length <= PAYID_CHARACTERS_MAX && PAYID_FORMATS[payIdType].test(payId);
  if (!isValid) throw invalid('payId', `PayId '${printed(payId)}' is not a valid ${payIdType} PayID`);
  const accountName = readAccountName(details, invalid);
  return { payee: { kind: 'PayId', payIdType, payId, accountName }, ...readRemittance(details, invalid) };
}

/** @throws {Refusal} FinancialValidateDisbursementNppCreditBankAccountDetailsAreInvalid (the code is known, its text guessed) */
export function readBankAccountDetails(value: JsonValue | undefined): Details {
  const invalid = refusalFor('NppCreditBankAccount');
  const details = objectOr(value, invalid);
  const bsb = details['bsbNumber'];
  if (typeof bsb !== 'string' || !BSB.test(bsb)) {
    throw invalid('bsb', `BSB '${printed(bsb)}' must be in the following format: Either '999999' or '999-999'`);
  }
  const accountNumber = details['accountNumber'];
  if (typeof accountNumber !== 'string' || !ACCOUNT_NUMBER.test(accountNumber)) {
    throw invalid('accountNumber', `Account Number '${printed(accountNumber)}' is not a valid bank account number.`);
  }
  const accountName = readAccountName(details, invalid);
  const printedBsb = `${bsb.slice(0, 3)}-${bsb.slice(-3)}`;
  return {
    payee: { kind: 'BankAccount', bsb: printedBsb, accountNumber, accountName },
    ...readRemittance(details, invalid),
  };
}

type Invalid = (field: string, description: string) => Refusal;

/** The wording follows what was seen of direct credits, which quotes the value given, account numbers and all. */
function refusalFor(method: 'NppCreditPayId' | 'NppCreditBankAccount'): Invalid {
  return (field, description) =>
    new Refusal(
      `FinancialValidateDisbursement${method}DetailsAreInvalid`,
      `disbursements[0].to${method}Details The to${method} details are invalid. Reason: "Field Name:'${field}'  Error Description:'${description}'"`,
    );
}

function objectOr(value: JsonValue | undefined, invalid: Invalid): JsonObject {
  if (!isJsonObject(value)) throw invalid('details', 'The details are missing');
  return value;
}

function printed(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function isPayIdType(value: JsonValue | undefined): value is PayIdType {
  return typeof value === 'string' && Object.hasOwn(PAYID_FORMATS, value);
}

function readAccountName(details: JsonObject, invalid: Invalid): string {
  const name = details['accountName'];
  if (typeof name === 'string' && name.length >= ACCOUNT_NAME_CHARACTERS_MIN) return name;
  throw invalid('accountName', 'Account Name must have at least 2 characters');
}

function readRemittance(details: JsonObject, invalid: Invalid) {
  const optional = (field: string, charactersMax: number): string | null => {
    const value = details[field];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && value.length <= charactersMax) return value;
    throw invalid(field, `${field} must not exceed ${charactersMax} characters in length`);
  };
  return {
    endToEndId: optional('endToEndId', END_TO_END_ID_CHARACTERS_MAX),
    remitterName: optional('remitterName', REMITTER_NAME_CHARACTERS_MAX),
  };
}
