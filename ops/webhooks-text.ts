import { counted, table } from './render.ts';
import type { EventStanding, Moved, SentOn } from './webhook-subscriptions.ts';

export function movedText(moved: readonly Moved[]): string {
  return table(moved.map(({ eventName, targetUrl, from, isNew }) => [eventName, wordsOf({ from, isNew }), targetUrl]));
}

function wordsOf({ from, isNew }: { readonly from: string | undefined; readonly isNew: boolean }): string {
  if (isNew) return 'subscribed';
  return from === undefined ? 'subscribed again' : `moved from ${from}`;
}

export function standingsText(standings: readonly EventStanding[]): string {
  const rows = standings.map(({ eventName, subscription, wantedUrl, isRight }) => {
    if (!subscription) return [eventName, '-', 'not subscribed', ''];
    const { id, isOn, targetUrl } = subscription;
    return [
      eventName,
      String(id),
      isOn ? 'On' : 'Off',
      `${targetUrl}${isRight ? '' : ` (should be On at ${wantedUrl})`}`,
    ];
  });
  return table([['event', 'id', 'status', 'where to'], ...rows]);
}

/** Tokens are counted, and never told. */
export function tokensText(count: number): string {
  if (count === 0) return 'No token is stored yet: payouts webhooks subscribe makes the first one.\n';
  if (count === 1) return 'One token is valid.\n';
  return 'Two tokens are valid, the new one and the old: payouts webhooks rotate-token --finish drops the old one.\n';
}

const FAILED_SHOWN_MAX = 20;

export function sentText({ sent, unreadable, isWhole }: SentOn, day: string): string {
  const failed = sent.filter(({ isReceived }) => !isReceived);
  const missing = [
    ...(unreadable > 0 ? [`${unreadable} more could not be read`] : []),
    ...(isWhole ? [] : ['and there are more than were asked for']),
  ];
  const heading = `${counted(sent.length, 'webhook')} on ${day} (Sydney), ${failed.length} not received${missing.map((words) => `; ${words}`).join('')}.`;
  if (failed.length === 0) return `${heading}\n`;
  const rows = failed
    .slice(-FAILED_SHOWN_MAX)
    .map(({ webhookId, eventName, retryCount }) => [
      `  ${webhookId}`,
      eventName,
      `sent again ${counted(retryCount, 'time')}`,
    ]);
  const rest = failed.length - rows.length;
  const more = rest > 0 ? `  and ${rest} more before them\n` : '';
  return `${heading}\n${table(rows)}${more}Ask for one again: payouts webhooks resend --id ${failed.at(-1)?.webhookId}\n`;
}
