import { parseAmount, printedAud } from './amount.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { readBankAccountDetails, readPayIdDetails } from './payee-details.ts';
import type { Payout } from './payout.ts';
import { Refusal } from './refusal.ts';

const UNIQUE_REFERENCE_CHARACTERS_MAX = 200;
const LODGEMENT_REFERENCE_CHARACTERS_MAX = 280;
/** Seen in a third party's tests: "exceeds the allowed maximum transaction limit "$100,000,000.00"". */
const TOTAL_CENTS_MAX = 10_000_000_000;
const PAYMENT_SOURCES = new Set(['mAccount']);
const MACCOUNT_TOKEN = /^\d{16}$/;

/**
 * Understands the body of execute and validate. Unknown keys, and every spelling of the source account, are let pass:
 * Monoova's own documents spell them three ways. The first error found is the one returned, as Monoova says of itself.
 *
 * @param newReference gives a reference where the request has none
 * @throws {Refusal} with one of Monoova's codes; which are known and which are guessed stands in README.md
 */
export function readPayout(body: JsonObject | undefined, newReference: () => string): Payout {
  if (!body) throw new Refusal('RequestBodyIsNotTheExpectedType', 'The request body is not the expected type');
  const uniqueReference = readUniqueReference(body['uniqueReference']) ?? newReference();
  const totalCents = readTotal(body['totalAmount']);
  checkPaymentSource(body);
  const disbursement = readOnlyDisbursement(body['disbursements']);
  const { method, payee, endToEndId, remitterName } = readDetails(disbursement);
  const amountCents = readDisbursementAmount(disbursement['amount']);
  if (totalCents !== undefined && totalCents !== amountCents) {
    throw new Refusal('InvalidAmountsDontMatch', 'Sum of the disbursements[].amounts does not equal the totalAmount');
  }
  const lodgementReference = readLodgementReference(disbursement['lodgementReference']);
  return { uniqueReference, amountCents, method, payee, lodgementReference, endToEndId, remitterName };
}

function readUniqueReference(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') {
    throw new Refusal('RequestBodyIsNotTheExpectedType', 'uniqueReference is not a string');
  }
  if (value.length > UNIQUE_REFERENCE_CHARACTERS_MAX) {
    const text = 'The uniqueReference must not exceed 200 characters in length';
    throw new Refusal('UniqueReferenceExceedsMaxLength', text);
  }
  return value;
}

function readTotal(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  // Amounts sent as JSON strings were seen to be accepted.
  if (typeof value !== 'string') throw new Refusal('RequestBodyIsNotTheExpectedType', 'totalAmount is not a number');
  const amount = parseAmount(value);
  if (amount.kind === 'not-a-number') {
    throw new Refusal('RequestBodyIsNotTheExpectedType', 'totalAmount is not a number');
  }
  if (amount.kind === 'too-many-decimals') {
    throw new Refusal('FinancialValidateInvalidTotalAmount', `Invalid totalAmount - "$${Number(value).toFixed(4)}"`);
  }
  if (amount.cents <= 0) {
    const text = `Invalid totalAmount. Value must be >= $0.00 - "${printedAud(amount.cents)}"`;
    throw new Refusal('InvalidTotalAmount', text);
  }
  if (amount.cents > TOTAL_CENTS_MAX) {
    const limit = printedAud(TOTAL_CENTS_MAX);
    const text = `Invalid totalAmount. The totalAmount "${printedAud(amount.cents)}" exceeds the allowed maximum transaction limit "${limit}"`;
    throw new Refusal('FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit', text);
  }
  return amount.cents;
}

function checkPaymentSource(body: JsonObject): void {
  const source = body['paymentSource'];
  const hasSource = source !== undefined && source !== null;
  if (hasSource && (typeof source !== 'string' || !PAYMENT_SOURCES.has(source))) {
    throw new Refusal('InvalidPaymentSource', 'paymentSource has an invalid value');
  }
  const mAccount = body['mAccount'];
  if (!isJsonObject(mAccount)) return;
  const token = mAccount['token'];
  if (token === undefined || token === null) return;
  if (typeof token !== 'string' || !MACCOUNT_TOKEN.test(token)) {
    throw new Refusal('InvalidMAccount', 'MAccount.token does does not represent a valid MAccount "{0}"');
  }
}

function readOnlyDisbursement(value: JsonValue | undefined): JsonObject {
  if (!Array.isArray(value) || value.length === 0) {
    const text = 'disbursements[].amount must have a value greater than $0.00';
    throw new Refusal('InvalidDisbursementsCollection', text);
  }
  // Monoova pays many at once; its webhooks then name no disbursement, so the simulator refuses what it cannot play truly.
  if (value.length > 1) throw new Refusal('ValidationFailed', 'The simulator pays one disbursement per request');
  const [only] = value;
  if (!isJsonObject(only)) {
    throw new Refusal('RequestBodyIsNotTheExpectedType', 'disbursements[0] is not an object');
  }
  return only;
}

function readDetails(disbursement: JsonObject) {
  const method = disbursement['disbursementMethod'];
  if (method === 'NppCreditPayId') {
    return { method, ...readPayIdDetails(disbursement['toNppCreditPayIdDetails']) } as const;
  }
  if (method === 'NppCreditBankAccount') {
    return { method, ...readBankAccountDetails(disbursement['toNppCreditBankAccountDetails']) } as const;
  }
  const text =
    "disbursements[].disbursementMethod has an invalid value. Only 'NppCreditPayId' and 'NppCreditBankAccount' are valid values";
  throw new Refusal('InvalidDisbursementMethod', text);
}

function readDisbursementAmount(value: JsonValue | undefined): number {
  const amount = typeof value === 'string' ? parseAmount(value) : undefined;
  if (amount?.kind === 'cents' && amount.cents > 0 && amount.cents <= TOTAL_CENTS_MAX) return amount.cents;
  // The code's spelling is Monoova's.
  const text = 'disbursements[].amount must be greater than $0.00 and must be no more than two decimal places';
  throw new Refusal('InvalidDisbusrsmentAmount', text);
}

function readLodgementReference(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > LODGEMENT_REFERENCE_CHARACTERS_MAX) {
    throw new Refusal(
      'ValidationFailed',
      'disbursements[0].lodgementReference must not exceed 280 characters in length',
    );
  }
  return value;
}
