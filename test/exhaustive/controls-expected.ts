import type { Admission, Ask, Controls } from '../../domain/controls.ts';

/** What the design says of the control item (docs/architecture.md, "The gate"), in words of its own. */

const QUARTER_HOUR_MS = 900_000;
const FOUR_HOURS_MS = 14_400_000;

const isLater = (time: string | undefined, nowMs: number) => time !== undefined && Date.parse(time) > nowMs;

/** `stopped`: nobody shows it. `doubtful`: one call may find out. */
function judged(item: Controls, key: string, nowMs: number): 'good' | 'doubtful' | 'stopped' {
  if (item.refused_key === undefined || item.proven_key === key) return 'good';
  if (item.refused_key !== key) return 'doubtful';
  const isResting = item.refused_until === undefined || isLater(item.refused_until, nowMs);
  return isResting ? 'stopped' : 'doubtful';
}

export function expectedAdmission(item: Controls, { call, attempt, nowMs, key }: Ask): Admission {
  const isPost = call === 'post';
  if (isPost && item.paused_at !== undefined) return { kind: 'held', by: 'paused' };
  const judgement = key === undefined ? 'good' : judged(item, key, nowMs);
  if (judgement === 'stopped') return { kind: 'held', by: 'credentials' };
  if (isPost && isLater(item.open_until, nowMs)) return { kind: 'held', by: 'breaker' };
  const isLineInDoubt = isPost && item.open_until !== undefined;
  if (judgement === 'good' && !isLineInDoubt) return { kind: 'go' };
  const isOthers = item.probe_by !== attempt && isLater(item.probe_until, nowMs);
  if (isOthers) return { kind: 'held', by: judgement === 'doubtful' ? 'credentials' : 'breaker' };
  return { kind: 'probe' };
}

export type Lesson =
  | { readonly kind: 'went through'; readonly call: Ask['call']; readonly isBeforePost: boolean; readonly key: string }
  | { readonly kind: 'lost'; readonly key: string; readonly restMs?: number }
  | { readonly kind: 'refused'; readonly key: string; readonly isNamed: boolean }
  | { readonly kind: 'not made'; readonly key: string };

export type Policy = { readonly failuresToOpen: number; readonly cooldownMs: number; readonly cooldownMaxMs: number };

type Teller = { readonly attempt: string; readonly nowMs: number; readonly policy: Policy };

/** The item as it should stand after a lesson, but for its revision and whose write it is. */
export function expectedAfter(item: Controls, lesson: Lesson, teller: Teller): Partial<Controls> {
  switch (lesson.kind) {
    case 'not made':
      return withProbeGivenUp(item, teller);
    case 'went through':
      return afterWord(item, lesson, teller);
    case 'lost':
      return afterLoss(item, lesson, teller);
    case 'refused':
      return afterNo(item, lesson, teller);
  }
}

function withProbeGivenUp<Item extends Partial<Controls>>(item: Item, { attempt }: Teller): Item {
  return item.probe_by === attempt ? { ...item, probe_by: undefined, probe_until: undefined } : item;
}

function afterWord(item: Controls, lesson: Extract<Lesson, { kind: 'went through' }>, teller: Teller) {
  const isFinder = item.probe_by === teller.attempt;
  const after: { -readonly [name in keyof Controls]?: Controls[name] | undefined } = { ...item };
  if (judged(item, lesson.key, teller.nowMs) === 'doubtful') {
    if (lesson.key === item.refused_key) Object.assign(after, NO_REFUSAL);
    else after.proven_key = lesson.key;
  }
  if (lesson.call === 'post') {
    if (item.open_until === undefined) after.failures = undefined;
    else if (isFinder) Object.assign(after, { open_until: undefined, open_reason: undefined, openings: undefined });
  }
  return (lesson.isBeforePost ? after : withProbeGivenUp(after as Controls, teller)) as Partial<Controls>;
}

const NO_REFUSAL = {
  refused_key: undefined,
  refused_at: undefined,
  refused_reason: undefined,
  refused_until: undefined,
  doubts: undefined,
  proven_key: undefined,
};

function afterLoss(item: Controls, { restMs }: Extract<Lesson, { kind: 'lost' }>, teller: Teller): Partial<Controls> {
  const { attempt, nowMs, policy } = teller;
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  if (item.open_until !== undefined && item.probe_by !== attempt) {
    // It was sent before the breaker opened: only a longer rest that Monoova asks for counts.
    const isLonger = restMs !== undefined && nowMs + restMs > Date.parse(item.open_until);
    return isLonger ? { ...item, open_until: at(restMs) } : item;
  }
  const losses = (item.failures ?? 0) + 1;
  if (item.open_until === undefined && restMs === undefined && losses < policy.failuresToOpen)
    return { ...item, failures: losses };
  const openings = (item.openings ?? 0) + 1;
  const ownMs = Math.min(policy.cooldownMaxMs, policy.cooldownMs * 2 ** (openings - 1));
  const open_until = at(Math.max(restMs ?? 0, ownMs));
  return { ...withProbeGivenUp(item, teller), failures: undefined, openings, open_until, open_reason: 'why' };
}

function afterNo(item: Controls, lesson: Extract<Lesson, { kind: 'refused' }>, teller: Teller): Partial<Controls> {
  const rest = withProbeGivenUp(item, teller);
  const isStopped = judged(item, lesson.key, teller.nowMs) === 'stopped';
  // A doubt adds nothing to a stop; a refusal by name ends a rest.
  if (isStopped && (item.refused_until === undefined || !lesson.isNamed)) return rest;
  const doubts = lesson.key === item.refused_key ? (item.doubts ?? 0) + 1 : 1;
  const restMs = Math.min(FOUR_HOURS_MS, QUARTER_HOUR_MS * 2 ** (doubts - 1));
  return {
    ...rest,
    refused_key: lesson.key,
    refused_at: new Date(teller.nowMs).toISOString(),
    refused_reason: 'why',
    refused_until: lesson.isNamed ? undefined : new Date(teller.nowMs + restMs).toISOString(),
    proven_key: undefined,
    doubts,
  };
}

/** Nobody is believed that all is well: what holds by itself is tried once more, now. */
/** A month and a day: the longest that a reconciliation looks back. */
const DOUBTED_MS = 31 * 86_400_000;

/** Whether a record that counts no POST has to be asked after, before it is believed. */
export function isDoubtExpected(item: Controls, nowMs: number): boolean {
  return item.paused_for_restore !== undefined || isLater(item.records_doubted_until, nowMs);
}

export function expectedResumed(item: Controls, nowMs: number): Partial<Controls> {
  const now = new Date(nowMs).toISOString();
  return {
    ...item,
    paused_at: undefined,
    paused_by: undefined,
    pause_reason: undefined,
    paused_for_restore: undefined,
    ...(item.paused_for_restore === undefined
      ? {}
      : { records_doubted_until: new Date(nowMs + DOUBTED_MS).toISOString() }),
    ...(isLater(item.open_until, nowMs) ? { open_until: now } : {}),
    ...(item.refused_key !== undefined && item.proven_key === undefined ? { refused_until: now } : {}),
  };
}
