import { chanceOf } from '../simulation/chance.ts';
import type { Choices } from '../simulation/choices.ts';
import type { Deployment } from '../simulation/deployment.ts';
import type { Fault, Point } from '../simulation/faults.ts';
import type { Visits } from '../simulation/state-machines/coverage.ts';
import { createWorld, type WorldEnd } from '../simulation/world.ts';
import type { Situation } from './situations.ts';

const SENT_AGAIN = { profile: 'dedupes', resubmission: 'after-quiet-period' } as const;

/** What changes what has to become of a payout, and is no fault. */
const NO_FAULT =
  /^(client: (asks again|request|the customer)|monoova: (judgement|course)|the table is restored|reconciliation comes|a person looks)|^monoova: webhook is odd: (contradictory|another amount)/;
/** Of all single faults, these leave a payout to the morning's reconciliation, or until a refused key may prove itself. */
const LEFT_TO_LATER = /StartSettlement \(StartExecution\): denied|(execute|status): key refused|webhook comes: never/;
/** What is tried again at once: nobody may notice, not even the client. */
const PASSING =
  /: (throttled|refused)$|^(submission|settlement): .*: lost$|POST execute: (unreachable|connect timeout)$/;
/** But these are not: a client and Monoova try again when they like, and the guard looks again after its first wait. */
const NOT_AGAIN = /^(client|monoova): |: SubmitPayment: throttled$|: GET (public key|status): /;

/** The payout ends not much later than without the fault: a guard's first look-ups take half an hour, and a doubted key rests as long. */
const LATER_MAX_MS = 3_600_000;
const PASSING_LATER_MAX_MS = 30_000;

/** How a run ended, as far as single faults must not change it. */
export type RunEnd = {
  readonly ends: string;
  readonly finalAfterMs: number | undefined;
  /** All answers to the client, sorted: which of two requests comes first may be left to chance. */
  readonly answers: string;
  /** What the daily limits hold for it. */
  readonly counted: string;
};
export type SingleFault = { readonly situation: Situation; readonly fault: Fault; readonly label: string };

type Steered = {
  readonly situation: Situation;
  readonly fault?: Fault | undefined;
  readonly onPoint?: (point: Point) => void;
};

function choicesOf({ situation, fault, onPoint }: Steered): Choices {
  return {
    chance: chanceOf(situation.seed),
    fault(point) {
      onPoint?.(point);
      if (fault && point.name === fault[0]) return fault[1];
      const kind = situation.does[point.label];
      return kind !== undefined && point.kinds.includes(kind) ? kind : undefined;
    },
  };
}

export function runSituation(deployment: Deployment, steered: Steered, visits: Visits = new Map()): Promise<WorldEnd> {
  const settings = { ...SENT_AGAIN, payouts: [steered.situation.payout ?? 1], lostWebhooks: 0 };
  return createWorld({ deployment, settings, choices: choicesOf(steered), visits }).run();
}

/** Each fault that can come alone: of each sort of effect the first time and the last that it is asked for. */
export async function singleFaultsOf(deployment: Deployment, situation: Situation): Promise<SingleFault[]> {
  const points: Point[] = [];
  await runSituation(deployment, { situation, onPoint: (point) => points.push(point) });
  const labels = new Set(points.map(({ label }) => label));
  return [...labels].flatMap((label) => {
    const ofLabel = points.filter((point) => point.label === label);
    const outermost = [...new Set([ofLabel[0], ofLabel.at(-1)])].filter((point) => point !== undefined);
    const faults = outermost.flatMap(({ name, kinds }) => kinds.map((kind) => [name, kind] as const));
    return faults
      .map((fault) => ({ situation, fault, label }))
      .filter((one) => !NO_FAULT.test(whatOf(one)) && !isSaved(one));
  });
}

function isSaved(one: SingleFault): boolean {
  const { situation } = one;
  const isLate = situation.ends !== 'Completed' && /StartSettlement \(StartExecution\): denied/.test(whatOf(one));
  // What Monoova does of its own accord is over when the morning comes.
  return isLate || (situation.save?.test(whatOf(one)) ?? false);
}

function whatOf({ label, fault: [, kind] }: SingleFault): string {
  return `${label}: ${kind}`;
}

/** What becomes of a situation in which nothing goes wrong, and must not; undefined where all is as it should be. */
export function harmWithout(without: RunEnd, end: RunEnd, { name }: Situation): string | undefined {
  const differs = (['ends', 'finalAfterMs', 'answers', 'counted'] as const).find((what) => end[what] !== without[what]);
  return differs && `${name}, and no fault: ${differs} is ${end[differs]}, not ${without[differs]}`;
}

/** What a single fault does to a payout and must not; undefined where it does nothing. */
export function harmOf(without: RunEnd, end: RunEnd, single: SingleFault): string | undefined {
  const what = whatOf(single);
  const [name, kind] = single.fault;
  const words = `${single.situation.name}, and one fault (${name}: ${kind})`;
  if (end.ends !== without.ends) return `${words}: the payout ends as ${end.ends || 'nothing'}, not as ${without.ends}`;
  const isPassing = PASSING.test(what) && !NOT_AGAIN.test(what);
  const laterMs = (end.finalAfterMs ?? 0) - (without.finalAfterMs ?? 0);
  if (!LEFT_TO_LATER.test(what) && laterMs > (isPassing ? PASSING_LATER_MAX_MS : LATER_MAX_MS))
    return `${words}: the payout is final ${laterMs / 1000} s later`;
  if (!isPassing) return undefined;
  if (end.answers !== without.answers) return `${words}: the client is answered ${end.answers}, not ${without.answers}`;
  // Where a payout is recorded its amount is counted, and may be counted twice; what is refused is given back.
  const mayCountMore = without.ends !== '' || (/: lost$/.test(what) && /Take(Customer|Stage)Limit/.test(what));
  if (mayCountMore || end.counted === without.counted) return undefined;
  return `${words}: the limits hold ${end.counted}, not ${without.counted}`;
}

export function runEndOf({ payouts, notices, answers, countedCents }: WorldEnd): RunEnd {
  const ends = payouts.map(({ status, needsPerson }) => {
    if (!needsPerson) return status;
    return notices.length > 0 ? `${status}, a person was told` : `${status}, and no person was told`;
  });
  return {
    ends: ends.join('; '),
    finalAfterMs: payouts[0]?.finalAfterMs,
    answers: answers.toSorted().join(', '),
    counted: JSON.stringify(countedCents),
  };
}
