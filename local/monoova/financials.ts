import { decimalAud } from './amount.ts';
import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import { Refusal } from './refusal.ts';

const MACCOUNT = /^\d{16}$/;
/** The specification's example; whether it is for a payment or a day is unknown, and nothing here enforces it. */
const NPP_PAYOUT_LIMIT_CENTS = 10_000_000;
const SETTLEMENT_MIN_CENTS = 2;

/**
 * GET /mAccount/v1/financials/{accountNumber}: what the one paying mAccount holds, whichever of its 16-digit numbers is asked for. It
 * has no credit, no account of its own for fees, and no parent.
 * @throws {Refusal} InvalidMAccount for what is no 16 digits
 */
export function financials(context: Context, incoming: Incoming): JsonAnswer {
  const [accountNumber = ''] = incoming.route.parameters;
  if (!MACCOUNT.test(accountNumber)) {
    throw new Refusal('InvalidMAccount', 'MAccount.token does does not represent a valid MAccount "{0}"');
  }
  const balance = decimalAud(context.ledger.balanceCents());
  const held = {
    accountNumber: Number(accountNumber),
    actualBalance: balance,
    clearedFundsOnly: true,
    creditLimit: 0,
    feeAccountActualBalance: null,
    feeAccountNumber: null,
    hasSeparateFeeAccount: false,
    lowerCreditLimit: 0,
    minimumSettlementAmount: decimalAud(SETTLEMENT_MIN_CENTS),
    settlementFrequency: 'None',
    upperCreditLimit: 0,
    availableToDebit: balance,
    availableToCredit: 0,
    nppBalance: 0,
    nppPayoutLimit: decimalAud(NPP_PAYOUT_LIMIT_CENTS),
    isFeeAccount: false,
    isParentAccount: false,
    isParentClearedFunds: null,
  };
  const durationMs = context.time.nowMs() - incoming.receivedAtMs;
  return { httpStatus: 200, json: { durationMs, status: 'Ok', statusDescription: OK_TEXT, financials: held } };
}
