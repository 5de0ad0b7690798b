import type { Destination } from '../../../domain/destination.ts';
import { dollarsOf } from '../../../domain/money.ts';
import { endToEndIdOf, parseReference } from '../../../domain/reference.ts';
import type { PaymentInstruction } from '../../shared/ports.ts';

/** Monoova OpenAPI v5.29; ours are shorter (domain/payout-request.ts), so nothing is ever cut in practice. */
const LODGEMENT_REFERENCE_MAX_CHARACTERS = 280;

/** Who pays, as the payee sees it, and from which mAccount; an empty token means the sign-in's own. */
export type Remitter = { readonly name: string; readonly mAccountToken: string };

/**
 * The body of `POST /financial/v2/transaction/execute`, compact. One disbursement a request: Monoova's webhooks name the request
 * and not the disbursement. `sourceBSB` and its two other spellings are left out; all are optional.
 */
export function executeBody(instruction: PaymentInstruction, remitter: Remitter): string {
  const amount = dollarsOf(instruction.amountCents);
  return JSON.stringify({
    uniqueReference: instruction.uniqueReference,
    totalAmount: amount,
    paymentSource: 'mAccount',
    ...(remitter.mAccountToken && { mAccount: { token: remitter.mAccountToken } }),
    disbursements: [
      {
        ...disbursementOf(instruction.destination, {
          ...endToEndIdField(instruction.uniqueReference),
          remitterName: remitter.name,
        }),
        ...(instruction.description && { lodgementReference: lodgementReferenceOf(instruction.description) }),
        amount,
      },
    ],
  });
}

type ShownToPayee = { readonly endToEndId?: string; readonly remitterName: string };

function disbursementOf(destination: Destination, shown: ShownToPayee) {
  if (destination.type === 'PayId') {
    const { payIdType, payId, accountName } = destination;
    const details = { payIdType, payId, accountName, ...shown };
    return { disbursementMethod: 'NppCreditPayId', toNppCreditPayIdDetails: details };
  }
  const { bsb, accountNumber, accountName } = destination;
  const details = { bsbNumber: bsb, accountNumber, accountName, ...shown };
  return { disbursementMethod: 'NppCreditBankAccount', toNppCreditBankAccountDetails: details };
}

/** Only a reference of ours has a known length without its hyphens. */
function endToEndIdField(uniqueReference: string): { readonly endToEndId?: string } {
  const reference = parseReference(uniqueReference);
  return reference === undefined ? {} : { endToEndId: endToEndIdOf(reference) };
}

function lodgementReferenceOf(description: string): string {
  return Array.from(description).slice(0, LODGEMENT_REFERENCE_MAX_CHARACTERS).join('');
}
