import { afterFailure, afterRefusal, afterSuccess, giveBackProbe, takeProbe } from '../../domain/breaker.ts';
import {
  type Ask,
  areRecordsDoubted,
  type Controls,
  mayCall,
  paused,
  pausedForRestore,
  resumed,
} from '../../domain/controls.ts';
import {
  expectedAdmission,
  expectedAfter,
  expectedResumed,
  isDoubtExpected,
  type Lesson,
  type Policy,
} from './controls-expected.ts';

/** Every control item that the gate tells from another: whether a call may be made, and what each call teaches, as the design says it. */

const NOW_MS = Date.parse('2026-11-23T00:00:00.000Z');
const ME = 'attempt-1';
const [OLD, NEW, NEWEST] = ['key-old', 'key-new', 'key-newest'] as const;
const POLICY: Policy = { failuresToOpen: 3, cooldownMs: 60_000, cooldownMaxMs: 200_000 };
const SHORT_MS = 30_000;
const LONG_MS = 600_000;

const timeOf = (afterMs: number) => new Date(NOW_MS + afterMs).toISOString();
const AROUND_NOW = [-1, 0, 1].map(timeOf);

const PAUSES: readonly Partial<Controls>[] = [
  {},
  { paused_at: timeOf(-1), paused_by: 'somebody', pause_reason: 'why' },
];
const LINES: readonly Partial<Controls>[] = [
  {},
  { failures: 1 },
  { failures: 2, openings: 1 },
  ...[...AROUND_NOW, timeOf(LONG_MS / 2)].flatMap((open_until) =>
    [1, 2, 4].map((openings) => ({ open_until, openings, open_reason: 'before' })),
  ),
];
const PROBES: readonly Partial<Controls>[] = [
  {},
  { probe_by: ME, probe_until: timeOf(1) },
  { probe_by: ME, probe_until: timeOf(-1) },
  ...AROUND_NOW.map((probe_until) => ({ probe_by: 'attempt-2', probe_until })),
];
const REFUSED = { refused_key: OLD, refused_at: timeOf(-9), refused_reason: 'before' };
const KEYS: readonly Partial<Controls>[] = [
  {},
  ...[{}, { proven_key: NEW }].flatMap((proven) => [
    { ...REFUSED, ...proven, doubts: 1 },
    ...AROUND_NOW.flatMap((refused_until) =>
      [1, 2, 6].map((doubts) => ({ ...REFUSED, ...proven, refused_until, doubts })),
    ),
  ]),
];

/** They change nothing of what a call learns, and stand alone. */
const DOUBTS: readonly Partial<Controls>[] = [{}, { paused_for_restore: true } as const].flatMap((pause) => [
  pause,
  ...AROUND_NOW.map((records_doubted_until) => ({ ...pause, records_doubted_until })),
]);

function* items(): Generator<Controls> {
  for (const pause of PAUSES)
    for (const line of LINES)
      for (const probe of PROBES)
        for (const key of KEYS) yield { revision: 7, changed_by: 'before', ...pause, ...line, ...probe, ...key };
}

const SHOWN = [OLD, NEW, NEWEST] as const;
const ASKS: readonly Ask[] = (['post', 'look-up'] as const).flatMap((call) => [
  { call, attempt: ME, nowMs: NOW_MS },
  ...SHOWN.map((key): Ask => ({ call, attempt: ME, nowMs: NOW_MS, key })),
]);

const LESSONS: readonly Lesson[] = SHOWN.flatMap((key): Lesson[] => [
  { kind: 'not made', key },
  { kind: 'went through', key, call: 'post', isBeforePost: false },
  { kind: 'went through', key, call: 'look-up', isBeforePost: false },
  { kind: 'went through', key, call: 'look-up', isBeforePost: true },
  { kind: 'lost', key },
  { kind: 'lost', key, restMs: SHORT_MS },
  { kind: 'lost', key, restMs: LONG_MS },
  { kind: 'refused', key, isNamed: true },
  { kind: 'refused', key, isNamed: false },
]);

function taught(item: Controls, lesson: Lesson): Controls {
  const { key } = lesson;
  const teller = { call: 'post', attempt: ME, nowMs: NOW_MS, key } as const;
  switch (lesson.kind) {
    case 'not made':
      return giveBackProbe(item, ME);
    case 'went through':
      return afterSuccess(item, { ...teller, call: lesson.call, isBeforePost: lesson.isBeforePost });
    case 'lost':
      return afterFailure(item, teller, {
        policy: POLICY,
        reason: 'why',
        ...(lesson.restMs !== undefined && { openForMs: lesson.restMs }),
      });
    case 'refused':
      return afterRefusal(item, teller, { isNamed: lesson.isNamed, reason: 'why' });
  }
}

export type ControlsTable = { readonly cases: number; readonly broken: string | undefined };

export function checkControls(): ControlsTable {
  let cases = 0;
  for (const item of items()) {
    cases += ASKS.length + LESSONS.length + 3;
    const broken = brokenAsk(item) ?? brokenLesson(item) ?? brokenWord(item);
    if (broken !== undefined) return { cases, broken: `${JSON.stringify(item)}: ${broken}` };
  }
  for (const pause of PAUSES)
    for (const doubt of DOUBTS) {
      const item = { revision: 7, changed_by: 'before', ...pause, ...doubt };
      cases += 4;
      const broken = brokenDoubt(item) ?? brokenWord(item);
      if (broken !== undefined) return { cases, broken: `${JSON.stringify(item)}: ${broken}` };
    }
  return { cases, broken: undefined };
}

function brokenAsk(item: Controls): string | undefined {
  for (const ask of ASKS) {
    const [admission, expected] = [mayCall(item, ask), expectedAdmission(item, ask)];
    if (!isAlike(admission, expected))
      return `${ask.call} with ${ask.key} is ${JSON.stringify(admission)}, not ${JSON.stringify(expected)}`;
  }
  return undefined;
}

/** What changes nothing is not written; what is written is the next revision, in the name of whoever has learnt it. */
function brokenLesson(item: Controls): string | undefined {
  const teller = { attempt: ME, nowMs: NOW_MS, policy: POLICY };
  for (const lesson of LESSONS) {
    const after = taught(item, lesson);
    const expected = expectedAfter(item, lesson, teller);
    const isSame = isAlike(expected, item);
    if (isSame !== (after === item)) return `${JSON.stringify(lesson)} is written: ${after !== item}`;
    if (!isSame && !isWritten(item, after, expected, ME))
      return `${JSON.stringify(lesson)} makes ${JSON.stringify(after)}, not ${JSON.stringify(expected)}`;
  }
  return undefined;
}

/** A pause for a restore doubts at once; any other leaves a doubt as it is. */
function brokenDoubt(item: Controls): string | undefined {
  const isDoubted = areRecordsDoubted(item, NOW_MS);
  if (isDoubted !== isDoubtExpected(item, NOW_MS)) return `records are doubted: ${isDoubted}`;
  const held = pausedForRestore(item, 'person', 'why', NOW_MS);
  const pause = { paused_by: 'person', paused_at: timeOf(0), pause_reason: 'why', paused_for_restore: true as const };
  return isWritten(item, held, { ...item, ...pause }, 'person')
    ? undefined
    : `paused for a restore makes ${JSON.stringify(held)}`;
}

function brokenWord(item: Controls): string | undefined {
  const went = resumed(item, 'person', NOW_MS);
  if (!isWritten(item, went, expectedResumed(item, NOW_MS), 'person')) return `resumed makes ${JSON.stringify(went)}`;
  const held = paused(item, 'person', 'why', NOW_MS);
  const pause = { ...item, paused_by: 'person', paused_at: timeOf(0), pause_reason: 'why' };
  if (!isWritten(item, held, pause, 'person')) return `paused makes ${JSON.stringify(held)}`;
  const probing = takeProbe(item, ME, NOW_MS + SHORT_MS);
  const probe = { ...item, probe_by: ME, probe_until: timeOf(SHORT_MS) };
  return isWritten(item, probing, probe, ME) ? undefined : `the probe makes ${JSON.stringify(probing)}`;
}

function isWritten(before: Controls, after: Controls, expected: Partial<Controls>, by: string): boolean {
  return isAlike(after, { ...expected, revision: before.revision + 1, changed_by: by });
}

/** Of flat values; what is undefined is not there. Comparing them in depth takes most of the time of a hundred thousand cases. */
function isAlike(one: object, other: object): boolean {
  const [some, others] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return Object.keys({ ...some, ...others }).every((name) => some[name] === others[name]);
}
