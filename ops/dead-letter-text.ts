import type { DeadLetter, DeadLetters, Redriven } from './dead-letters.ts';
import { type Shown, scrub } from './masking.ts';
import { aud, counted, json, sydneyTimeOf, table } from './render.ts';

/** A list for a person: which, when, what, why. */
export function deadLettersText({ letters, isComplete }: DeadLetters): string {
  if (letters.length === 0) return 'no dead letters\n';
  const rows = letters.map(({ messageId, letter }) => [
    messageId,
    letter === undefined ? '' : sydneyTimeOf(letter.received_at),
    letter === undefined ? 'no letter of ours' : kindOf(letter),
    letter?.error ?? '',
    letter?.transaction_id ?? '',
  ]);
  const lines = table([['id', 'received', 'says', 'failed with', 'payout'], ...rows]);
  return `${lines}${counted(letters.length, 'dead letter')}${isComplete ? '' : ' shown, and there are more'}.\n`;
}

export function deadLettersJson({ letters, isComplete }: DeadLetters): string {
  return json({ dead_letters: letters.map(shown), is_complete: isComplete });
}

export function deadLetterJson(deadLetter: DeadLetter): string {
  return json(shown(deadLetter));
}

/** One letter, and what to do about it. */
export function deadLetterText({ messageId, letter }: DeadLetter): string {
  if (letter === undefined) return `${messageId}\n  it is no letter of ours, so nothing here can apply it\n`;
  const { fact, error, received_at, request_id, attempts, transaction_id } = letter;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['payout', transaction_id],
    ['says', kindOf(letter)],
    ['problems', 'problems' in fact ? fact.problems.join('; ') : undefined],
    ['amount', fact.amount_cents === undefined ? undefined : aud(fact.amount_cents / 100)],
    ['reference', fact.unique_reference === undefined ? undefined : scrub(fact.unique_reference)],
    ["Monoova's number", fact.monoova_transaction_id?.toString()],
    ['of the return', fact.return_transaction_id?.toString()],
    ['of the webhook', 'webhook_id' in fact ? fact.webhook_id?.toString() : undefined],
    ['SHA-256', 'body_sha256' in fact ? fact.body_sha256 : undefined],
    ['failed with', error],
    ['received', sydneyTimeOf(received_at)],
    ['request', request_id],
    ['tries before', String(attempts)],
  ];
  const rows = fields.flatMap(([name, value]) => (value === undefined ? [] : [[`  ${name}`, value]]));
  return `${messageId}\n${table(rows)}${adviceOf(letter)}\n`;
}

export function redrivenText({ status, moved, toMove }: Redriven): string {
  if (status === 'COMPLETED') return `${counted(moved, 'dead letter')} sent back to be applied again.\n`;
  return `${status.toLowerCase()}: ${moved} of ${counted(toMove, 'dead letter')} sent back so far.\n`;
}

type Letter = NonNullable<DeadLetter['letter']>;

function kindOf({ fact }: Letter): string {
  return 'event' in fact ? `${fact.kind}: ${fact.event}` : fact.kind;
}

function adviceOf({ fact, error }: Letter): string {
  if ('event' in fact) return 'Nothing here can apply it: see "Webhooks wait or are dead letters" in docs/runbook.md.';
  if (error === 'PayoutNotFoundError') return 'Nobody knows its payout: ask Monoova who paid with this reference.';
  return 'When the cause is mended: payouts dlq redrive. Applying it twice changes nothing.';
}

function shown({ messageId, sentAtMs, letter }: DeadLetter): Shown {
  const sent_at = new Date(sentAtMs).toISOString();
  return {
    id: messageId,
    sent_at,
    letter: letter === undefined ? null : (JSON.parse(JSON.stringify(letter)) as Shown),
  };
}
