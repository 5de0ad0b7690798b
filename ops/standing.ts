import { isFinal, openPosts, type Payout } from '../domain/payout.ts';
import { statusMessage } from '../domain/payout-view.ts';
import { sydneyTime, sydneyTimeOf } from './render.ts';
import { type Execution, endOf, isCallback, type StepEvent, stateOf, timeoutSecondsOf } from './step-event.ts';

/**
 * The last sentence of an explanation: where the payout stands and, while it is open, what happens next and when. Pure.
 * `guards` are in the order of their numbers; the last one counts.
 */
export function standingOf(payout: Payout, guards: readonly Execution[], nowMs: number): string {
  const guard = guards.at(-1);
  const sentence = isFinal(payout.status) ? finalSentence(payout, guard) : openSentence(payout, guard, nowMs);
  return payout.conflict ? `${sentence} ${CONFLICT}` : sentence;
}

const CONFLICT = 'Facts about it contradict each other: a person has to look (docs/runbook.md).';

function finalSentence(payout: Payout, guard: Execution | undefined): string {
  const { status } = payout;
  const sentence = `${status} since ${sydneyTimeOf(settledAt(payout))}. ${statusMessage(payout)}`;
  if (!guard || endOf(guard.events) !== 'running') return sentence;
  return `${sentence} ${named(guard)} is still running and ends at its next look.`;
}

/** Later facts move `updated_at` on. Failed has no fact of its own: it follows from several. */
function settledAt({ status, updated_at, history }: Payout): string {
  return history.find(({ kind }) => kind === status.toLowerCase())?.observed_at ?? updated_at;
}

function openSentence(payout: Payout, guard: Execution | undefined, nowMs: number): string {
  const posts = postsSentence(payout, nowMs);
  if (!guard) return `Pending, and no guard is known: ${NO_GUARD} ${posts} ${RUNBOOK}`;
  const end = endOf(guard.events);
  if (end === 'running') return `Pending. ${posts} ${nextSentence(guard, nowMs)}`;
  if (!isEscalated(guard)) {
    return `Pending, but ${named(guard).toLowerCase()} has ${ended(end)} at ${lastTime(guard)}. ${posts} ${RUNBOOK}`;
  }
  const ask = `Do not pay it again: ask Monoova about the reference ${payout.uniqueReference}.`;
  const then = `With its answer a second person runs: payouts resolve ${payout.transaction_id} --as ... --evidence "..."`;
  return `Pending, and a person owns it since ${lastTime(guard)}. ${posts} ${ask} ${then}`;
}

const NO_GUARD = 'it never started, or its history is past the 90 days that AWS keeps it.';
const RUNBOOK =
  'The next reconciliation starts a guard: every day at 05:30, or now with `payouts reconcile` (docs/runbook.md).';

function postsSentence(payout: Payout, nowMs: number): string {
  const { posts, last_posted_at, monoova_transaction_id: number, history } = payout;
  if (number !== undefined) return `Monoova has it as its number ${number}.`;
  if (history.some(({ kind }) => kind === 'accepted')) return 'Monoova has it.';
  const underWayUntil = postUnderWay(payout, nowMs);
  if (underWayUntil !== undefined) return `A POST to Monoova may be under way until ${underWayUntil}.`;
  if (posts === 0) return 'Monoova has received nothing so far.';
  if (openPosts(payout) === 0) return 'Nothing was received, on the word of a person, and it may be sent once more.';
  const last = last_posted_at === undefined ? '' : `, the last at ${sydneyTimeOf(last_posted_at)}`;
  return `Monoova may have received it (${posts} ${posts === 1 ? 'POST' : 'POSTs'}${last}).`;
}

/** Behind a fence, unless its attempt has told already what became of it. */
function postUnderWay({ posting_by, posting_until, history }: Payout, nowMs: number): string | undefined {
  if (posting_until === undefined || Date.parse(posting_until) <= nowMs) return undefined;
  return history.some(({ attempt }) => attempt === posting_by) ? undefined : sydneyTimeOf(posting_until);
}

function nextSentence(guard: Execution, nowMs: number): string {
  const wait = openWait(guard.events);
  if (!wait) return `${named(guard)} is at ${currentState(guard.events)} now.`;
  const { dueMs } = wait;
  if (dueMs === undefined) return `${named(guard)} waits for Monoova's webhook.`;
  const inSeconds = Math.round((dueMs - nowMs) / 1000);
  const when = inSeconds > 0 ? `at ${sydneyTime(dueMs)} (in ${inSeconds} s)` : `now (due since ${sydneyTime(dueMs)})`;
  return `${named(guard)} waits for Monoova's webhook; if none comes, it asks Monoova ${when}.`;
}

/** The callback that the execution waits for now: scheduled, and nothing has ended it since. */
function openWait(events: readonly StepEvent[]): { readonly dueMs: number | undefined } | undefined {
  const scheduled = events.findLast(({ type }) => type.endsWith('Scheduled'));
  if (!scheduled || !isCallback(scheduled)) return undefined;
  const later = events.filter(({ id }) => id > scheduled.id);
  if (later.some(({ type }) => type !== 'TaskStarted' && type !== 'TaskSubmitted')) return undefined;
  const seconds = timeoutSecondsOf(scheduled);
  const fromMs = later.find(({ type }) => type === 'TaskStarted')?.atMs ?? scheduled.atMs;
  return { dueMs: seconds === undefined ? undefined : fromMs + seconds * 1000 };
}

function currentState(events: readonly StepEvent[]): string {
  const entered = events.findLast(({ type }) => type.endsWith('StateEntered'));
  return (entered && stateOf(entered)) ?? 'its start';
}

/** At the start of a sentence: `The guard`, `Guard 2`. */
function named({ place }: Execution): string {
  return place === 'guard' ? 'The guard' : `G${place.slice(1)}`;
}

/** The guard's own word for it: statemachines/payout-settlement.asl.yaml, state Escalated. */
function isEscalated({ events }: Execution): boolean {
  return events.at(-1)?.details['error'] === 'PayoutEscalated';
}

function ended(end: ReturnType<typeof endOf>): string {
  return end === 'aborted' ? 'been stopped' : (end ?? 'ended');
}

function lastTime({ events }: Execution): string {
  return sydneyTime(events.at(-1)?.atMs ?? 0);
}
