import { checked, incomplete, type Run } from '../../domain/reconciliation.ts';
import { isPayoutEvent, isReturnEvent } from '../adapters/monoova/webhook-names.ts';
import type { SentWebhook } from '../shared/ports.ts';
import {
  find,
  firstBookDay,
  nextBookDay,
  type ReconcileDeps,
  reasonOf,
  type Step,
  type StepResult,
  type Work,
} from './step.ts';

export type WebhookCursor = {
  readonly day: string;
  /** Where the page begins in the day's report. */
  readonly skip: number;
  /** The last webhook of that page that was looked at. */
  readonly after: number | null;
  /** How many were sent for again, of all days. */
  readonly resent: number;
};

const WEBHOOKS_PER_PAGE = 1_000;
const WEBHOOKS_PER_DAY = 20_000;
const RESENDS_PER_CALL = 10;
const RESENDS_PER_RUN = 500;
/** Monoova tries once more by itself. One that still fails after these needs somebody to look at what fails. */
const RETRIES_MAX = 6;

/**
 * Webhooks that Monoova could not deliver are sent for again: they bring the reasons and the returns, which no status tells. A rebuild
 * sends for the delivered returns too, since the table that was restored has forgotten them. Safe to repeat: a webhook that comes twice
 * changes nothing.
 */
export async function resendWebhooks(
  deps: ReconcileDeps,
  { run, cursor, tally }: Step<WebhookCursor>,
): Promise<StepResult<WebhookCursor>> {
  const at = cursor ?? { day: firstBookDay(run), skip: 0, after: null, resent: 0 };
  const allowed = Math.min(RESENDS_PER_CALL, RESENDS_PER_RUN - at.resent);
  const work: Work = { tally, looksLeft: 0, writesLeft: allowed };
  const report = await deps.monoova.webhooks(at.day, { skip: at.skip, take: WEBHOOKS_PER_PAGE });
  if (report.kind !== 'told') {
    work.tally = incomplete(work.tally, `webhooks of ${at.day}: ${reasonOf(report)}`);
    return nextDay(run, at, work);
  }
  const left = report.lines.slice(report.lines.findIndex(({ webhookId }) => webhookId === at.after) + 1);
  const done = await resend(deps, work, left, run);
  const resent = at.resent + allowed - work.writesLeft;
  if (done < left.length) {
    if (resent < RESENDS_PER_RUN) {
      return { cursor: { ...at, after: left[done - 1]?.webhookId ?? at.after, resent }, tally: work.tally };
    }
    return { cursor: null, tally: incomplete(work.tally, `only ${resent} webhooks were sent for again`) };
  }
  if (report.unreadable > 0) {
    work.tally = incomplete(work.tally, `${report.unreadable} webhooks of ${at.day} are unreadable`);
  }
  const next = { ...at, skip: at.skip + WEBHOOKS_PER_PAGE, after: null, resent };
  if (report.lines.length + report.unreadable < WEBHOOKS_PER_PAGE) return nextDay(run, next, work);
  if (next.skip < WEBHOOKS_PER_DAY) return { cursor: next, tally: work.tally };
  work.tally = incomplete(work.tally, `of ${at.day} only ${next.skip} webhooks were looked at`);
  return nextDay(run, next, work);
}

function nextDay(run: Run, at: WebhookCursor, { tally }: Work): StepResult<WebhookCursor> {
  const next = nextBookDay(run, at.day);
  return { cursor: next === undefined ? null : { day: next, skip: 0, after: null, resent: at.resent }, tally };
}

/** @returns how many were looked at before the resends of this call were used up */
async function resend(deps: ReconcileDeps, work: Work, webhooks: readonly SentWebhook[], run: Run): Promise<number> {
  for (const [index, webhook] of webhooks.entries()) {
    if (work.writesLeft <= 0) return index;
    if (!isPayoutEvent(webhook.eventName)) continue;
    work.tally = checked(work.tally, 'webhooks');
    if (!webhook.isReceived || isForgotten(webhook, run)) await resendOne(deps, work, webhook);
  }
  return webhooks.length;
}

function isForgotten({ eventName }: SentWebhook, { is_rebuild }: Run): boolean {
  return is_rebuild && isReturnEvent(eventName);
}

async function resendOne(deps: ReconcileDeps, work: Work, webhook: SentWebhook): Promise<void> {
  const { isReceived, eventName, retryCount } = webhook;
  const named = {
    id: `webhook ${webhook.webhookId}`,
    detail: isReceived ? `${eventName}, delivered before` : eventName,
  };
  if (!isReceived && retryCount >= RETRIES_MAX) return find(deps, work, 'webhook-failing', named);
  work.writesLeft -= 1;
  const answer = await deps.monoova.resendWebhook(webhook.webhookId);
  if (answer.kind === 'told') find(deps, work, 'webhook-resent', named);
  else work.tally = incomplete(work.tally, `${named.id} could not be sent for: ${reasonOf(answer)}`);
}
