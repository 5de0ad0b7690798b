import { type Controls, lineOf, rewritten, standingOf } from './controls.ts';

/**
 * What each call teaches about the line to Monoova, folded into the control item. Every function is pure, and gives back the very
 * item that it was given where there is nothing to write.
 *
 *     closed ── failures in a row ──▶ open ── open_until passes ──▶ half open ── probe goes through ──▶ closed
 *                                       ▲                               │
 *                                       └──── probe fails, twice as long┘
 */
export type BreakerPolicy = {
  /** POSTs that the line loses in a row before it opens. */
  readonly failuresToOpen: number;
  /** How long it stays open the first time, and at the most, in milliseconds. */
  readonly cooldownMs: number;
  readonly cooldownMaxMs: number;
};

export type Taught = {
  readonly call: 'post' | 'look-up';
  readonly attempt: string;
  readonly nowMs: number;
  /** Fingerprint of the key that was shown. */
  readonly key: string;
  /** This attempt goes on to a POST: what it is alone to find out is not found out yet. */
  readonly isBeforePost?: boolean;
};

/**
 * How long a key rests that was doubted and not refused by name, the first time and at the most, in milliseconds. Live accounts lock
 * for an hour at the fifth failure (Monoova OpenAPI v5.29). Shown after 15 minutes, 30, 1 hour, 2 and 4, the fifth showing comes
 * nearly four hours after the first: time for a person, who was told at once (assumption).
 */
const DOUBT_REST_MS = 900_000;
const DOUBT_REST_MAX_MS = 14_400_000;

/** This attempt alone finds out, until `untilMs`, whether calls work again. */
export function takeProbe(controls: Controls, attempt: string, untilMs: number): Controls {
  const probe_until = new Date(untilMs).toISOString();
  return rewritten(controls, { ...controls, probe_by: attempt, probe_until }, attempt);
}

/** The probe was not made after all: the next one may. */
export function giveBackProbe(controls: Controls, attempt: string): Controls {
  return changed(controls, withoutProbe(controls, attempt), attempt);
}

/** Monoova answered something that can be read, whatever it decided. */
export function afterSuccess(controls: Controls, taught: Taught): Controls {
  const proven = withKeyProven(controls, taught);
  const closed = taught.call === 'post' ? withLineProven(proven, taught) : proven;
  const freed = taught.isBeforePost ? closed : withoutProbe(closed, taught.attempt);
  return changed(controls, freed, taught.attempt);
}

/**
 * The line lost a POST. Only a probe can open an open breaker anew: what was sent before it opened says nothing about now.
 * @param failure `openForMs` is how long Monoova itself wants to be left alone; then the first failure opens
 */
export function afterFailure(
  controls: Controls,
  taught: Taught,
  failure: { readonly policy: BreakerPolicy; readonly reason: string; readonly openForMs?: number },
): Controls {
  const { attempt, nowMs } = taught;
  const isOpen = controls.open_until !== undefined;
  if (isOpen && controls.probe_by !== attempt) return whileOpen(controls, taught, failure);
  const failures = (controls.failures ?? 0) + 1;
  const mustOpen = isOpen || failure.openForMs !== undefined || failures >= failure.policy.failuresToOpen;
  // A probe of the key that got no answer keeps its place until its time is over: nobody shows a doubtful key in quick succession.
  if (!mustOpen) return changed(controls, { ...controls, failures }, attempt);
  const openings = (controls.openings ?? 0) + 1;
  const openForMs = Math.max(failure.openForMs ?? 0, cooldownMs(failure.policy, openings));
  const { failures: _failures, ...rest } = withoutProbe(controls, attempt);
  const open_until = new Date(nowMs + openForMs).toISOString();
  return changed(controls, { ...rest, openings, open_until, open_reason: failure.reason }, attempt);
}

/** Somebody else's late failure: it counts for nothing, save that Monoova may have asked for a longer rest. */
function whileOpen(controls: Controls, { attempt, nowMs }: Taught, failure: { readonly openForMs?: number }): Controls {
  if (failure.openForMs === undefined) return controls;
  const open_until = new Date(nowMs + failure.openForMs).toISOString();
  return open_until > (controls.open_until ?? '') ? changed(controls, { ...controls, open_until }, attempt) : controls;
}

function cooldownMs({ cooldownMs: firstMs, cooldownMaxMs }: BreakerPolicy, openings: number): number {
  return doubled(firstMs, openings, cooldownMaxMs);
}

/** The first, then twice as long each time, up to the longest. */
function doubled(firstMs: number, times: number, maxMs: number): number {
  return Math.min(firstMs * 2 ** (times - 1), maxMs);
}

/**
 * Monoova refused the key. By name (a code of its own) it is stopped until another key has been proven, or a person says so; where
 * only an HTTP status speaks of it, which may come from something in front of Monoova, until it has rested.
 */
export function afterRefusal(
  controls: Controls,
  { attempt, nowMs, key }: Taught,
  { isNamed, reason }: { readonly isNamed: boolean; readonly reason: string },
): Controls {
  const rest = withoutProbe(controls, attempt);
  const isKnown = standingOf(controls, key, nowMs) === 'refused';
  const isStopped = isKnown && (controls.refused_until === undefined || !isNamed);
  if (isStopped) return changed(controls, rest, attempt);
  const { refused_until: _until, proven_key: _proven, doubts = 0, ...others } = rest;
  const refused = {
    ...others,
    refused_key: key,
    refused_at: new Date(nowMs).toISOString(),
    refused_reason: reason,
    doubts: key === controls.refused_key ? doubts + 1 : 1,
  };
  if (isNamed) return changed(controls, refused, attempt);
  const restMs = doubled(DOUBT_REST_MS, refused.doubts, DOUBT_REST_MAX_MS);
  return changed(controls, { ...refused, refused_until: new Date(nowMs + restMs).toISOString() }, attempt);
}

/** The refused key stays known, so that nobody who still holds it shows it; what had only rested and works is forgiven. */
function withKeyProven(controls: Controls, { key, nowMs }: Taught): Controls {
  if (standingOf(controls, key, nowMs) !== 'doubtful') return controls;
  if (key !== controls.refused_key) return { ...controls, proven_key: key };
  const { refused_key: _key, refused_at: _at, refused_reason: _reason, refused_until: _until, ...rest } = controls;
  const { doubts: _doubts, proven_key: _proven, ...forgiven } = rest;
  return forgiven;
}

/** A closed breaker forgets its failures; an open one is closed by its probe alone. */
function withLineProven(controls: Controls, { attempt, nowMs }: Taught): Controls {
  if (lineOf(controls, nowMs) === 'closed') return without(controls, 'failures');
  if (controls.probe_by !== attempt) return controls;
  return without(without(without(controls, 'open_until'), 'open_reason'), 'openings');
}

function withoutProbe(controls: Controls, attempt: string): Controls {
  if (controls.probe_by !== attempt) return controls;
  return without(without(controls, 'probe_by'), 'probe_until');
}

function without(controls: Controls, name: keyof Controls): Controls {
  if (!(name in controls)) return controls;
  const { [name]: _taken, ...rest } = controls;
  return rest as Controls;
}

function changed(before: Controls, after: Controls, by: string): Controls {
  return after === before ? before : rewritten(before, after, by);
}
