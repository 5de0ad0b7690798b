import { handleAll } from './letters.ts';
import { proveAll } from './proofs.ts';
import { receiveAll } from './receiver.ts';
import { validateAll } from './validation.ts';

export type Entrances = { readonly cases: number; readonly broken: string | undefined };

/** Every case of what lets webhooks and requests in, against what the design says of it. */
export async function checkEntrances(): Promise<Entrances> {
  const { steps, broken: brokenProof } = await proveAll();
  const { webhooks, broken: brokenWebhook } = await receiveAll();
  const { letters, broken: brokenLetter } = await handleAll();
  const { requests, broken: brokenRequest } = await validateAll();
  return {
    cases: steps + webhooks + letters + requests,
    broken: brokenProof ?? brokenWebhook ?? brokenLetter ?? brokenRequest,
  };
}
