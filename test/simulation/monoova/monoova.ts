import type { HttpRequest } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { Evidence } from '../people/second-person.ts';
import type { Surroundings } from '../surroundings.ts';
import { coded, executed, statusOf } from './answers.ts';
import { Bank, type Payment, type Profile } from './bank.ts';
import { Books } from './books.ts';
import type { Receive } from './exchange.ts';
import { publicKeyHex } from './signing-key.ts';
import type { Webhooks } from './webhooks.ts';

export type MonoovaDeps = {
  readonly around: Surroundings;
  readonly profile: Profile;
  readonly onTaken: (payment: Payment) => void;
  readonly onState: (payment: Payment) => void;
  readonly webhooks: () => Webhooks;
};

/** The simulation's Monoova: the bank behind its API. */
export class Monoova {
  readonly bank: Bank;
  /** Requests for payments that are on their way and have not arrived, by their reference. */
  readonly #stuck = new Map<string, number>();

  readonly #books: Books;

  constructor(deps: MonoovaDeps) {
    this.bank = new Bank(deps);
    this.#books = new Books(deps.around, this.bank, deps.webhooks);
  }

  readonly receive: Receive = (request) => {
    const path = new URL(request.url).pathname;
    if (path.endsWith('/transaction/execute')) return this.#execute(request);
    if (path.endsWith('/certificate/public-key'))
      return { kind: 'answer', status: 200, headers: {}, body: publicKeyHex() };
    const listed = this.#books.answer(request);
    if (listed) return listed;
    const [, reference] = /\/financial\/v2\/status\/([^/]+)$/.exec(path) ?? [];
    if (reference === undefined) return coded(404, 'NotFound', `There is no ${path}`);
    return statusOf(this.bank.paymentsOf(decodeURIComponent(reference))[0]);
  };

  /** A request that will arrive much later: until then nobody can say that nothing was received. */
  readonly onStuck = ({ body, url }: HttpRequest): (() => void) => {
    if (!url.endsWith('/transaction/execute')) return () => undefined;
    const reference = referenceIn(body);
    const count = (by: 1 | -1) => this.#stuck.set(reference, (this.#stuck.get(reference) ?? 0) + by);
    count(1);
    return () => count(-1);
  };

  isAnythingStuck(): boolean {
    return [...this.#stuck.values()].some((count) => count > 0);
  }

  /** What Monoova's people say when they are asked. */
  evidenceOf(uniqueReference: string): Evidence {
    const [payment] = this.bank.paymentsOf(uniqueReference);
    if (payment?.state === 'Complete' || payment?.state === 'Returned') return 'completed';
    if (payment?.state === 'Rejected') return 'rejected';
    return payment || (this.#stuck.get(uniqueReference) ?? 0) > 0 ? 'open' : 'nothing received';
  }

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

function referenceIn(body = '{}'): string {
  return (JSON.parse(body) as { readonly uniqueReference: string }).uniqueReference;
}

type Disbursement = {
  readonly toNppCreditPayIdDetails?: JsonObject;
  readonly toNppCreditBankAccountDetails?: JsonObject;
};
