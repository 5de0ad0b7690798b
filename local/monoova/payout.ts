export type PayIdType = 'ABN' | 'Email' | 'PhoneNumber' | 'OrganisationId' | 'ACN';
export type DisbursementMethod = 'NppCreditPayId' | 'NppCreditBankAccount';

export type Payee =
  | { readonly kind: 'PayId'; readonly payIdType: PayIdType; readonly payId: string; readonly accountName: string }
  | {
      readonly kind: 'BankAccount';
      /** `999-999` */
      readonly bsb: string;
      readonly accountNumber: string;
      readonly accountName: string;
    };

/** One understood and valid request to pay. */
export type Payout = {
  readonly uniqueReference: string;
  readonly amountCents: number;
  readonly method: DisbursementMethod;
  readonly payee: Payee;
  readonly lodgementReference: string | null;
  readonly endToEndId: string | null;
  readonly remitterName: string | null;
};

/** Where the money goes, in words: what Monoova's free texts quote. */
export function printedPayee(payee: Payee): string {
  return payee.kind === 'PayId' ? payee.payId : `${payee.bsb} ${payee.accountNumber}`;
}
