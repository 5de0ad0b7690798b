import type { GateDeps, Held, Pass } from '../shared/gate.ts';
import { passFor, reportLookUp } from '../shared/gate.ts';
import type { LookupResult, MonoovaBooks, MonoovaLine, Told } from '../shared/ports.ts';

/** What reconciliation asks Monoova. It moves no money. */
export type AskMonoova = Pick<MonoovaLine, 'lookUp'> & MonoovaBooks;

type Line = MonoovaLine & MonoovaBooks;
type Untold = Extract<Told<object>, { kind: 'unknown' }>;

/**
 * Monoova's books behind the gate that all calls to Monoova pass: what holds a look-up (a key that Monoova refuses) holds these too, and
 * what they teach about the key counts for everybody. A pass is fetched with the first question, and again after a refusal.
 */
export function gatedBooks(
  deps: GateDeps<Line>,
  invocation: { readonly attempt: string; readonly untilMs: number },
): AskMonoova {
  let entry: Promise<Pass<Line> | Held> | undefined;
  const open = async () => passFor(deps, { ...invocation, call: 'look-up', controls: await deps.controls.read() });

  async function ask<Answer extends LookupResult | Told<object>>(
    question: (line: Line) => Promise<Answer>,
  ): Promise<Answer | Untold> {
    entry ??= open();
    const pass = await entry;
    if (pass.kind === 'held') return { kind: 'unknown', detail: `calls are held (${pass.by})` };
    const answer = await question(pass.line);
    await reportLookUp(deps, pass, answer);
    if (answer.kind !== 'credentials-refused') return answer;
    deps.metrics.count('MonoovaCredentialsRefused');
    entry = undefined;
    return answer;
  }

  return {
    lookUp: (reference) => ask((line) => line.lookUp(reference)),
    statuses: (fromDay, toDay) => ask((line) => line.statuses(fromDay, toDay)),
    statement: (day) => ask((line) => line.statement(day)),
    webhooks: (day, page) => ask((line) => line.webhooks(day, page)),
    resendWebhook: (webhookId) => ask((line) => line.resendWebhook(webhookId)),
  };
}
