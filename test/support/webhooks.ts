import type { ApiAnswer, TestRun } from './local-run.ts';

/** The agreed token of a local run. */
export const BEARER = 'Bearer local-webhook-token';

/** In the order of Monoova's specification; of a payout of 12.34 unless told otherwise. */
export function statusOf(id: string, fields: object = {}) {
  return {
    TransactionDate: '2026-11-23T00:00:00',
    UniqueReference: id.slice('txn-'.length),
    TransactionId: 1_000_001,
    Status: 'Payment Successful',
    Amount: 12.34,
    AccountName: 'Jane Citizen',
    PayId: null,
    RejectionReasonDescription: null,
    ...fields,
  };
}

export function returnOf(id: string, fields: object = {}) {
  return {
    ReturnDate: '2026-11-24T00:00:00',
    Amount: 12.34,
    AccountName: 'Jane Citizen',
    ReturnReason: 'ACCOUNT CLOSED',
    TransactionId: 1_000_001,
    UniqueReference: id.slice('txn-'.length),
    ReturnTransactionId: 71,
    ...fields,
  };
}

/** Sends a webhook as the plan's curl does to stage dev: the bearer alone. Text goes as it is. */
export function tell(
  { request }: TestRun,
  body: object | string,
  options: { readonly eventName?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<ApiAnswer> {
  const { eventName, headers = {} } = options;
  const path = eventName === undefined ? '/webhooks/monoova' : `/webhooks/monoova/${eventName}`;
  return request('POST', path, {
    signed: false,
    headers: { authorization: BEARER, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** As {@link tell}, and with Monoova's signature. */
export async function tellSigned(run: TestRun, body: object): Promise<ApiAnswer> {
  const signature = await run.simulator?.sign(Buffer.from(JSON.stringify(body)));
  if (signature === undefined) throw new Error('Only the simulated Monoova signs for us');
  return tell(run, body, { headers: { 'verification-signature': signature } });
}
