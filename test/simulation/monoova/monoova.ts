import type { HttpRequest } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { Surroundings } from '../surroundings.ts';
import { coded, executed, statusOf } from './answers.ts';
import { Bank, type Payment, type Profile } from './bank.ts';
import type { Receive } from './exchange.ts';
import { publicKeyHex } from './signing-key.ts';

export type MonoovaDeps = {
  readonly around: Surroundings;
  readonly profile: Profile;
  readonly onTaken: (payment: Payment) => void;
  readonly onState: (payment: Payment) => void;
};

/** The simulation's Monoova: the bank behind its API. */
export class Monoova {
  readonly bank: Bank;

  constructor(deps: MonoovaDeps) {
    this.bank = new Bank(deps);
  }

  readonly receive: Receive = (request) => {
    const path = new URL(request.url).pathname;
    if (path.endsWith('/transaction/execute')) return this.#execute(request);
    if (path.endsWith('/certificate/public-key'))
      return { kind: 'answer', status: 200, headers: {}, body: publicKeyHex() };
    const [, reference] = /\/financial\/v2\/status\/([^/]+)$/.exec(path) ?? [];
    if (reference === undefined) return coded(404, 'NotFound', `There is no ${path}`);
    return statusOf(this.bank.paymentsOf(decodeURIComponent(reference))[0]);
  };

  #execute({ body = '' }: HttpRequest) {
    const { uniqueReference, totalAmount, disbursements } = JSON.parse(body) as {
      readonly uniqueReference: string;
      readonly totalAmount: number;
      readonly disbursements: readonly Disbursement[];
    };
    const [disbursement] = disbursements;
    const payee = disbursement?.toNppCreditPayIdDetails ?? disbursement?.toNppCreditBankAccountDetails ?? {};
    const received = this.bank.receive({ uniqueReference, amountCents: Math.round(totalAmount * 100), payee });
    return executed(received, uniqueReference, String(payee['payId'] ?? payee['accountNumber']));
  }
}

type Disbursement = {
  readonly toNppCreditPayIdDetails?: JsonObject;
  readonly toNppCreditBankAccountDetails?: JsonObject;
};
