import type { HttpOutcome } from '../../functions/adapters/monoova/http-exchange.ts';
import { AMOUNT, REFERENCE } from './request.ts';
import type { Ending, MonoovaAnswer, Profile } from './scope.ts';

/** What really happened at Monoova. */
export type Truth = {
  /** One for each time that money was taken for the reference. */
  readonly payments: readonly ('held' | Ending)[];
  /** POSTs that left and have neither arrived nor been lost for good. */
  readonly underway: number;
  /** Whether a POST was ever sent, whatever became of it. */
  readonly wasSent: boolean;
  /** Webhooks that may still be delivered, by payment. */
  readonly deliveries: readonly number[];
};

export const NOTHING_HAPPENED: Truth = { payments: [], underway: 0, wasSent: false, deliveries: [] };

const FIRST_NUMBER = 1_001;
/** No money is left: a code of the list of declines. */
const DECLINE = 'DebitTransactionWillExceedMAccountCreditLimit';

type Arrived = { readonly truth: Truth; readonly outcome: HttpOutcome; readonly words: string };

/** Whatever a POST can do that arrives, and what Monoova answers. */
export function arrivals(
  truth: Truth,
  profile: Profile,
  answers: readonly MonoovaAnswer[],
  deliveries: number,
): Arrived[] {
  if (profile === 'dedupes' && truth.payments.length > 0) {
    const body = { status: 'UniqueReferenceExists', transactionId: 0 };
    return [{ truth, outcome: answer(400, body), words: 'Monoova has that reference: UniqueReferenceExists' }];
  }
  return answers.map((kind) => {
    if (kind === 'decline') {
      const outcome = answer(400, { status: DECLINE, transactionId: 0 });
      return { truth, outcome, words: 'Monoova declines' };
    }
    const transactionId = FIRST_NUMBER + truth.payments.length;
    return {
      truth: {
        ...truth,
        payments: [...truth.payments, 'held' as const],
        deliveries: [...truth.deliveries, deliveries],
      },
      outcome: answer(200, { status: kind, transactionId, callerUniqueReference: REFERENCE }),
      words: `MONOOVA TAKES THE MONEY (payment ${truth.payments.length + 1}) and answers ${kind}`,
    };
  });
}

const TRANSACTION_STATUS = { held: 'Pending', completed: 'Complete', rejected: 'Rejected' } as const;

/** What a look-up of the reference says now: of several payments the newest. */
export function lookedUp({ payments }: Truth): HttpOutcome {
  const newest = payments.at(-1);
  if (newest === undefined) return answer(400, { status: 'UniqueIdNotFound' });
  return answer(200, { status: 'Ok', uniqueReference: REFERENCE, transactionStatus: TRANSACTION_STATUS[newest] });
}

/** The webhook about a payment that has ended; undefined as long as it has not. */
export function webhookOf({ payments }: Truth, index: number): string | undefined {
  const payment = payments[index];
  if (payment === undefined || payment === 'held') return undefined;
  return JSON.stringify({
    UniqueReference: REFERENCE,
    TransactionId: FIRST_NUMBER + index,
    Status: payment === 'completed' ? 'Payment Successful' : 'Rejected',
    Amount: AMOUNT,
  });
}

function answer(status: number, body: object): HttpOutcome {
  return { kind: 'answer', status, headers: {}, body: JSON.stringify(body) };
}
