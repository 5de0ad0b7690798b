import type { ApiAnswer, ApiClient } from './api-client.ts';
import { CommandError, isNobodyThere } from './errors.ts';

export type Submission = {
  readonly body: string;
  readonly key: string;
  readonly apiUrl: string;
  /** How to ask again with the same key, in words. */
  readonly repeat: string;
};

/**
 * Asks for one payout, once.
 * @throws {CommandError} where no answer came: says whether anything was sent, and how to ask again without paying twice.
 */
export async function submitPayout(api: ApiClient, { body, key, apiUrl, repeat }: Submission): Promise<ApiAnswer> {
  try {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return await api.send({ method: 'POST', path: '/payouts', headers, body });
  } catch (error) {
    if (isNobodyThere(error))
      throw new CommandError(`the API at ${apiUrl} does not answer: nothing was sent`, { cause: error });
    const next = `${repeat}: it can not become a second payout`;
    throw new CommandError(`no answer came from ${apiUrl}, so the outcome is not known: ${next}`, { cause: error });
  }
}
