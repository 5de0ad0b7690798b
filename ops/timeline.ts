import type { Fact, FactKind } from '../domain/fact.ts';
import type { Payout } from '../domain/payout.ts';
import { masked, type Shown, scrub } from './masking.ts';
import { aud, audOfCents, sydneyTimeOf } from './render.ts';
import { type Execution, isCallback, type StepEvent, stateOf, timeoutSecondsOf } from './step-event.ts';

/** One line of a payout's story. */
export type Entry = {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** `request` (`Monoova` of a rebuilt record), `submission`, `guard` (`guard 2`, ...) or `history`. */
  readonly place: string;
  readonly what: string;
  /** What the event carried, masked; undefined where it carried nothing. */
  readonly data?: Shown;
};

/**
 * The record's own facts and every execution as one story in order of time. Things of the same millisecond stay in the order of
 * cause: request, submission, guards, facts; within one of them the order is its own. Pure.
 */
export function timelineOf(payout: Payout, executions: readonly Execution[]): Entry[] {
  const sources = [[requestEntry(payout)], ...executions.map(executionEntries), payout.history.map(factEntry)];
  // Array.prototype.sort is stable, which keeps the order of the sources.
  return sources.flat().sort((one, other) => one.atMs - other.atMs);
}

function requestEntry(payout: Payout): Entry {
  const {
    amount_cents,
    currency,
    destination_masked,
    payout_method,
    created_at,
    requested_by = 'nobody known',
  } = payout;
  const amount = audOfCents(amount_cents, currency);
  if (payout.rebuilt_at !== undefined) {
    const words = `${amount}; the record was lost, and rebuilt at ${sydneyTimeOf(payout.rebuilt_at)}`;
    return { atMs: Date.parse(created_at), place: 'Monoova', what: words };
  }
  const what = `${amount} to ${destination_masked} (${payout_method}), asked for by ${scrub(requested_by)}`;
  return { atMs: Date.parse(created_at), place: 'request', what };
}

const FACT_WORDS: Readonly<Record<FactKind, string>> = {
  accepted: 'Monoova has the payout',
  unanswered: 'a POST left and nothing readable came back; it may have been received',
  unreceived: 'proven: this attempt reached nobody',
  'not-found': 'Monoova does not know the reference now',
  declined: 'Monoova declined this attempt',
  'patience-ended': 'the guard has no wait left',
  escalated: 'a person was told',
  rejected: "the payee's bank refused the money",
  completed: 'the payee has the money',
  returned: 'the money came back',
  failed: 'no money moved',
  resend: 'nothing was received so far; it may be sent once more',
};

function factEntry(fact: Fact): Entry {
  const { kind, source, detail, monoova_transaction_id: number, amount_cents: cents, observed_at } = fact;
  const particulars = [
    `by ${source}${fact.by === undefined ? '' : ` ${scrub(fact.by)}`}`,
    ...(number === undefined ? [] : [`Monoova's number ${number}`]),
    ...(cents === undefined ? [] : [aud(cents / 100)]),
    ...(detail === undefined ? [] : [scrub(detail)]),
    ...(fact.evidence === undefined ? [] : [`"${scrub(fact.evidence)}"`]),
  ];
  return {
    atMs: Date.parse(observed_at),
    place: 'history',
    what: `fact ${kind}: ${FACT_WORDS[kind]} (${particulars.join(', ')})`,
  };
}

/** Where a walk through the events of one execution stands. No machine here has parallel branches, so one state is enough. */
type Walk = { state: string; enteredMs: number; attempts: number };

function executionEntries({ place, events }: Execution): Entry[] {
  const walk: Walk = { state: '', enteredMs: 0, attempts: 0 };
  const entries: Entry[] = [];
  for (const event of events) {
    advance(walk, event);
    const what = wordsOf(event, walk);
    if (what === undefined) continue;
    const data = dataOf(event);
    entries.push({ atMs: event.atMs, place, what, ...(data === undefined ? {} : { data }) });
  }
  return entries;
}

function advance(walk: Walk, event: StepEvent): void {
  if (event.type.endsWith('StateEntered')) {
    walk.state = stateOf(event) ?? '';
    walk.enteredMs = event.atMs;
    walk.attempts = 0;
  }
  if (event.type.endsWith('Scheduled')) walk.attempts += 1;
}

/** Undefined for what adds nothing: a task that started and succeeded is told by its state's two lines. */
function wordsOf(event: StepEvent, walk: Walk): string | undefined {
  const { type } = event;
  if (type.startsWith('Execution')) return executionWords(event);
  if (type.endsWith('StateEntered')) return `${walk.state} entered`;
  if (type.endsWith('StateExited')) return exitWords(event, walk);
  if (type.endsWith('Scheduled')) return scheduledWords(event, walk);
  if (type.endsWith('TimedOut')) return `${walk.state} timed out: ${errorOf(event) ?? 'States.Timeout'}`;
  if (/(Failed|Aborted)$/.test(type)) return `${walk.state} failed: ${failureOf(event)}`;
  if (type === 'TaskSucceeded' && isCallback(event)) return `${walk.state}: the doorbell rang`;
  return undefined;
}

function executionWords(event: StepEvent): string {
  const verb = event.type.slice('Execution'.length);
  if (verb === 'Started') return 'execution started';
  if (verb === 'Succeeded') return `execution succeeded${answerWords(event)}`;
  if (verb === 'Failed') return `execution failed: ${failureOf(event)}`;
  return verb === 'TimedOut' ? 'execution timed out' : `execution ${verb.toLowerCase()}`;
}

/** The submission's output is an HTTP answer. */
function answerWords({ details }: StepEvent): string {
  const output = masked(details['output']);
  const isObject = typeof output === 'object' && output !== null && 'statusCode' in output;
  return isObject ? ` with answer ${String(output.statusCode)}` : '';
}

/** Passes and choices leave as they enter; only what took time is worth a second line. */
function exitWords(event: StepEvent, { state, enteredMs }: Walk): string | undefined {
  const isInstant = /^(Pass|Choice|Succeed)State/.test(event.type);
  return isInstant ? undefined : `${state} left after ${event.atMs - enteredMs} ms`;
}

function scheduledWords(event: StepEvent, { state, attempts }: Walk): string | undefined {
  const again = attempts > 1 ? ` (attempt ${attempts})` : '';
  if (isCallback(event)) {
    const seconds = timeoutSecondsOf(event);
    return `${state} hangs its doorbell and waits${seconds === undefined ? '' : `, at most ${seconds} s`}${again}`;
  }
  return attempts > 1 ? `${state} tries again${again}` : undefined;
}

const CAUSE_MAX_CHARACTERS = 140;

function failureOf(event: StepEvent): string {
  const error = errorOf(event) ?? event.type;
  const cause = causeOf(event);
  return cause === undefined ? error : `${error} (${cause})`;
}

function errorOf({ details }: StepEvent): string | undefined {
  return typeof details['error'] === 'string' ? scrub(details['error']) : undefined;
}

/** A Lambda's cause is JSON; of it only the message is for people. */
function causeOf({ details }: StepEvent): string | undefined {
  const cause = masked(details['cause']);
  const isObject = typeof cause === 'object' && cause !== null && 'errorMessage' in cause;
  const text = isObject ? cause.errorMessage : cause;
  if (typeof text !== 'string' || text === '') return undefined;
  return text.length > CAUSE_MAX_CHARACTERS ? `${text.slice(0, CAUSE_MAX_CHARACTERS - 1)}…` : text;
}

const VARIABLES = 'assignedVariables';
const DATA_FIELDS: readonly string[] = ['input', 'parameters', 'output', VARIABLES, 'cause'];

function dataOf({ details }: StepEvent): Shown | undefined {
  const fields = Object.entries(details).filter(([field]) => DATA_FIELDS.includes(field));
  if (fields.length === 0) return undefined;
  return masked(
    Object.fromEntries(fields.map(([field, value]) => [field, field === VARIABLES ? opened(value) : value])),
  );
}

/** Each variable is a JSON text of its own: `"null"`, `"\"text\""`. */
function opened(variables: unknown): unknown {
  if (typeof variables !== 'object' || variables === null) return variables;
  return Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, parsedJson(text)]));
}

function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}
