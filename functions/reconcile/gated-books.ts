import { createAsk } from '../shared/ask.ts';
import type { GateDeps } from '../shared/gate.ts';
import type { MonoovaBooks, MonoovaLine } from '../shared/ports.ts';

/** What reconciliation asks Monoova. It moves no money. */
export type AskMonoova = Pick<MonoovaLine, 'lookUp'> & MonoovaBooks;

/** Monoova's books, and its look-up, each question behind the gate. */
export function gatedBooks(
  deps: GateDeps<MonoovaLine & MonoovaBooks>,
  invocation: { readonly attempt: string; readonly untilMs: number },
): AskMonoova {
  const ask = createAsk(deps, invocation);
  return {
    lookUp: (reference) => ask((line) => line.lookUp(reference)),
    statuses: (fromDay, toDay) => ask((line) => line.statuses(fromDay, toDay)),
    statement: (day) => ask((line) => line.statement(day)),
    webhooks: (day, page) => ask((line) => line.webhooks(day, page)),
    resendWebhook: (webhookId) => ask((line) => line.resendWebhook(webhookId)),
  };
}
