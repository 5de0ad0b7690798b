import * as z from 'zod';

/** By which the functions, the submission machine and the command line find the item. */
export const CONTROLS_ITEM_ID = 'submissions';

/**
 * The one item that says whether Monoova may be called: the operator's pause, the breaker, and the stop for a key that Monoova
 * refused. Whoever calls reads it strongly first; whoever learns something that it should say writes it on the revision that was
 * read. Absent fields mean that nothing holds, so that the ordinary payout reads once and writes nothing.
 *
 *     paused_at       set by `payouts pause`, taken out by `payouts resume`; never by time
 *     records_doubted_until   set by the end of a pause for a restore
 *     open_until      the breaker: no POST before it, one probe after it, and the item is clean again when that worked
 *     refused_key     no call of any kind shows this key; one probe decides about another
 *
 * Times are ISO 8601, UTC. Fields of a newer version are kept, so that two versions can write during a deployment.
 */
export const controlsSchema = z.looseObject({
  /** 0 where nothing was ever written, and one more with each write. */
  revision: z.int().min(0),
  /** Whose write this is: one that is refused by its own repetition knows itself by it. */
  changed_by: z.string(),
  paused_by: z.string().optional(),
  paused_at: z.string().optional(),
  pause_reason: z.string().optional(),
  /** The pause is for a restore of the payouts, which says less than Monoova knows. */
  paused_for_restore: z.literal(true).optional(),
  /** After such a pause: until then a record that counts no POST is not believed. */
  records_doubted_until: z.string().optional(),
  /** POSTs in a row that the line lost, while the breaker is closed. */
  failures: z.int().min(1).optional(),
  /** How often the breaker has opened since a POST last went through: the cooldown doubles with each. */
  openings: z.int().min(1).optional(),
  open_until: z.string().optional(),
  open_reason: z.string().optional(),
  /** Who finds out, alone, whether calls work again, and until when nobody else may. */
  probe_by: z.string().optional(),
  probe_until: z.string().optional(),
  /** Fingerprint of a key: 16 hex digits of its SHA-256. */
  refused_key: z.string().optional(),
  refused_at: z.string().optional(),
  refused_reason: z.string().optional(),
  /** Only where the key was doubted, not refused by name: when one probe may show it again. */
  refused_until: z.string().optional(),
  /** How often in a row the key was doubted: its rest doubles with each. */
  doubts: z.int().min(1).optional(),
  /** Fingerprint of the key that works in place of the refused one. */
  proven_key: z.string().optional(),
});
export type Controls = z.output<typeof controlsSchema>;

/** Where nothing was ever written. */
export const NO_CONTROLS: Controls = { revision: 0, changed_by: '' };

export const HOLDS = ['paused', 'breaker', 'credentials'] as const;
/** Why Monoova is not called: a person's pause, an open breaker (or another's probe), a key that Monoova refuses. */
export type Hold = (typeof HOLDS)[number];

export type Admission =
  | { readonly kind: 'go' }
  /** One call is needed to find out; it is allowed to whoever writes `probe_by` first. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'held'; readonly by: Hold };

export type Ask = {
  /** A look-up moves no money: only a refused key stops it. */
  readonly call: 'post' | 'look-up';
  readonly attempt: string;
  readonly nowMs: number;
  /** Left out before the key is read: then nothing is said about it. */
  readonly key?: string;
};

/** May this call be made now? */
export function mayCall(controls: Controls, ask: Ask): Admission {
  const { call, key, nowMs } = ask;
  if (call === 'post' && controls.paused_at !== undefined) return held('paused');
  const standing = key === undefined ? 'trusted' : standingOf(controls, key, nowMs);
  if (standing === 'refused') return held('credentials');
  const line = call === 'post' ? lineOf(controls, nowMs) : 'closed';
  if (line === 'open') return held('breaker');
  if (standing === 'trusted' && line === 'closed') return { kind: 'go' };
  if (isProbedByAnother(controls, ask)) return held(standing === 'trusted' ? 'breaker' : 'credentials');
  return { kind: 'probe' };
}

function held(by: Hold): Admission {
  return { kind: 'held', by };
}

/** Nothing is known against a `trusted` key; a `doubtful` one is shown by one probe alone; a `refused` one by nobody. */
export function standingOf(controls: Controls, key: string, nowMs: number): 'trusted' | 'doubtful' | 'refused' {
  const { refused_key, refused_until, proven_key } = controls;
  if (refused_key === undefined || key === proven_key) return 'trusted';
  if (key !== refused_key) return 'doubtful';
  return refused_until !== undefined && nowMs >= Date.parse(refused_until) ? 'doubtful' : 'refused';
}

/** Half open is what an open breaker becomes by time alone. */
export function lineOf({ open_until }: Controls, nowMs: number): 'closed' | 'open' | 'half-open' {
  if (open_until === undefined) return 'closed';
  return nowMs < Date.parse(open_until) ? 'open' : 'half-open';
}

function isProbedByAnother({ probe_by, probe_until }: Controls, { attempt, nowMs }: Ask): boolean {
  return probe_until !== undefined && nowMs < Date.parse(probe_until) && probe_by !== attempt;
}

/**
 * For how long records are doubted after a restore, in milliseconds. What Monoova has and did not list while the records were rebuilt has
 * ended by then, and was told as an orphan (assumption: payments end within days; the longest range of a reconciliation is 31).
 */
const RECORDS_DOUBTED_MS = 31 * 86_400_000;

/** Whether a record that counts no POST may be one that a restore has put back, or one of a request whose first record was lost. */
export function areRecordsDoubted({ paused_for_restore, records_doubted_until }: Controls, nowMs: number): boolean {
  const isPast = records_doubted_until === undefined || nowMs >= Date.parse(records_doubted_until);
  return paused_for_restore === true || !isPast;
}

/** The operator's pause. A later one replaces an earlier one, but for what it was for. */
export function paused(controls: Controls, by: string, reason: string, nowMs: number): Controls {
  const paused_at = new Date(nowMs).toISOString();
  return rewritten(controls, { ...controls, paused_by: by, paused_at, pause_reason: reason }, by);
}

/** The operator's pause for a restore: from now on, and for a month after it, records are doubted. */
export function pausedForRestore(controls: Controls, by: string, reason: string, nowMs: number): Controls {
  return { ...paused(controls, by, reason, nowMs), paused_for_restore: true };
}

/**
 * The operator's "go on": no pause, and where the breaker or a refused key holds, one probe now in place of waiting. It believes
 * nobody that all is well: what still fails holds again after that one call.
 */
export function resumed(controls: Controls, by: string, nowMs: number): Controls {
  const now = new Date(nowMs).toISOString();
  const { paused_by: _by, paused_at: _at, pause_reason: _reason, paused_for_restore: wasRestored, ...going } = controls;
  const isStopped = controls.refused_key !== undefined && controls.proven_key === undefined;
  return rewritten(
    controls,
    {
      ...going,
      ...(wasRestored ? { records_doubted_until: new Date(nowMs + RECORDS_DOUBTED_MS).toISOString() } : {}),
      ...(lineOf(controls, nowMs) === 'open' ? { open_until: now } : {}),
      ...(isStopped ? { refused_until: now } : {}),
    },
    by,
  );
}

/** The next revision of the item, in the name of whoever writes it. */
export function rewritten(before: Controls, after: Controls, by: string): Controls {
  return { ...after, revision: before.revision + 1, changed_by: by };
}
