import { payoutDetails, payoutView } from '../../domain/payout-view.ts';
import { type Answer, problemAnswer } from '../../domain/problem.ts';
import { parseTransactionId } from '../../domain/reference.ts';
import { parseProxyEvent } from '../adapters/proxy-event.ts';
import type { PayoutStore } from '../shared/ports.ts';
import { cursorOf } from './cursor.ts';
import { parseListQuery } from './list-query.ts';

export type ReadPayoutsDeps = {
  readonly store: Pick<PayoutStore, 'read' | 'list'>;
  /** On every answer, refusals too. */
  readonly answerHeaders: Readonly<Record<string, string>>;
};

/** `GET /payouts/{transaction_id}` and `GET /payouts`. Reads only; a refusal is an answer, not an error. */
export function createHandler({ store, answerHeaders }: ReadPayoutsDeps): (event: unknown) => Promise<Answer> {
  return async function readPayouts(event) {
    const { pathParameters, query } = parseProxyEvent(event);
    const asked = pathParameters['transaction_id'];
    const answer = await (asked === undefined ? listPayouts(store, query) : readPayout(store, asked));
    return { ...answer, headers: { ...answer.headers, ...answerHeaders } };
  };
}

async function readPayout(store: ReadPayoutsDeps['store'], asked: string): Promise<Answer> {
  const transactionId = parseTransactionId(asked);
  const payout = transactionId && (await store.read(transactionId));
  return payout ? jsonAnswer(payoutDetails(payout)) : problemAnswer('not_found');
}

/** Newest first. A page can be shorter than the limit, or empty, and still have a cursor. */
async function listPayouts(
  store: ReadPayoutsDeps['store'],
  parameters: ReadonlyMap<string, readonly string[]>,
): Promise<Answer> {
  const parsed = parseListQuery(parameters);
  if (!parsed.ok) return problemAnswer('invalid_request', { errors: parsed.errors });
  const { payouts, cursor } = await store.list(parsed.query);
  return jsonAnswer({ payouts: payouts.map(payoutView), ...(cursor !== undefined && { cursor: cursorOf(cursor) }) });
}

/** Never from a cache: a status of a minute ago can make somebody pay again. */
function jsonAnswer(content: object): Answer {
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify(content),
  };
}
