import {
  afterFailure,
  afterRefusal,
  afterSuccess,
  type BreakerPolicy,
  giveBackProbe,
  type Taught,
  takeProbe,
} from '../../domain/breaker.ts';
import { type Ask, type Controls, type Hold, mayCall, standingOf } from '../../domain/controls.ts';
import { type ControlsChange, changeControls } from './change-controls.ts';
import type {
  ControlStore,
  ExecuteResult,
  Log,
  LookupResult,
  Metrics,
  Monoova,
  MonoovaLine,
  NowMs,
  Told,
} from './ports.ts';

export type GateDeps<Line extends MonoovaLine = MonoovaLine> = {
  readonly controls: ControlStore;
  readonly monoova: Monoova<Line>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly nowMs: NowMs;
  readonly breaker: BreakerPolicy;
};

/** The right to call Monoova, for one invocation. */
export type Pass<Line extends MonoovaLine = MonoovaLine> = {
  readonly kind: 'pass';
  readonly line: Line;
  readonly call: Ask['call'];
  readonly attempt: string;
  /** The control item as this invocation knows it. */
  readonly controls: Controls;
};
export type Held = { readonly kind: 'held'; readonly by: Hold };

export type PassRequest = {
  readonly call: Ask['call'];
  /** Names the invocation; two never share one. */
  readonly attempt: string;
  /** As it was read at the beginning of this invocation. */
  readonly controls: Controls;
  /** By when a call of this invocation has ended, in milliseconds since the epoch: until then a probe keeps others out. */
  readonly untilMs: number;
};

/** Each lost race means that another has written; so many in a row mean that others are finding out already. */
const TRIES_MAX = 8;
/** Shorter waits are sat out by whoever was told (functions/submit-payment); Monoova asks everybody for longer ones. */
export const RETRY_AFTER_SHORT_SECONDS = 3;

/**
 * Nobody calls Monoova without a pass. Most get one by the read alone; where the breaker is half open, or a key has to prove itself,
 * one wins it by a conditional write and all others are held until that one has ended or its time is over.
 * @throws {ConfigurationError} where the key cannot be read or is not this stage's. Nothing was sent.
 */
export async function passFor<Line extends MonoovaLine>(
  deps: GateDeps<Line>,
  request: PassRequest,
): Promise<Pass<Line> | Held> {
  const asked = (key?: string) => ({ ...request, nowMs: deps.nowMs(), ...(key === undefined ? {} : { key }) });
  const early = mayCall(request.controls, asked());
  if (early.kind === 'held') return early;
  const line = await lineOf(deps, request.controls);
  let controls = request.controls;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const admission = mayCall(controls, asked(line.key));
    if (admission.kind === 'held') return admission;
    if (admission.kind === 'go') return { ...request, kind: 'pass', line, controls };
    const probing = takeProbe(controls, request.attempt, request.untilMs);
    if (await deps.controls.replace(controls, probing)) return { ...request, kind: 'pass', line, controls: probing };
    controls = await deps.controls.read();
  }
  return { kind: 'held', by: 'breaker' };
}

/** A key that is not trusted may be an old one out of the cache: the secret of now is read before it is judged. */
async function lineOf<Line extends MonoovaLine>({ monoova, nowMs }: GateDeps<Line>, controls: Controls): Promise<Line> {
  const line = await monoova.connect();
  return standingOf(controls, line.key, nowMs()) === 'trusted' ? line : monoova.connect({ isFresh: true });
}

/** No call was made: somebody else may find out. */
export function giveBack(deps: GateDeps, pass: Pass): Promise<void> {
  return change(deps, pass, (controls) => giveBackProbe(controls, pass.attempt));
}

/** Notes what a POST has taught about the line and the key. Never throws: what it taught about the payout counts for more. */
export function reportPost(deps: GateDeps, pass: Pass, result: ExecuteResult): Promise<void> {
  const taught = taughtBy(deps, pass);
  switch (result.kind) {
    case 'credentials-refused':
      return change(deps, pass, (from) => afterRefusal(from, taught, { isNamed: true, reason: result.code }));
    case 'unreachable':
      return fail(deps, pass, { reason: result.detail });
    case 'throttled':
      return isLong(result) ? fail(deps, pass, restOf(result)) : giveBack(deps, pass);
    case 'unsent':
      return giveBack(deps, pass);
    case 'unanswered':
      return reportUnanswered(deps, pass, result);
    case 'accepted':
    case 'already-received':
    case 'declined':
      return change(deps, pass, (from) => afterSuccess(from, taught));
  }
}

type Unanswered = Extract<ExecuteResult, { kind: 'unanswered' }>;

function reportUnanswered(deps: GateDeps, pass: Pass, { detail, isKeyDoubted, isLineLost }: Unanswered): Promise<void> {
  const taught = taughtBy(deps, pass);
  if (isKeyDoubted) return change(deps, pass, (from) => afterRefusal(from, taught, { isNamed: false, reason: detail }));
  if (isLineLost) return fail(deps, pass, { reason: detail });
  return change(deps, pass, (from) => afterSuccess(from, taught));
}

/** Notes what a question that moves no money has taught about the key. Never throws. */
export async function reportLookUp(deps: GateDeps, pass: Pass, result: LookupResult | Told<object>): Promise<void> {
  const taught: Taught = { ...taughtBy(deps, pass), call: 'look-up', isBeforePost: pass.call === 'post' };
  // No answer says nothing about the key.
  if (result.kind === 'unknown') return;
  if (result.kind === 'credentials-refused') {
    const refusal = { isNamed: !result.isKeyDoubted, reason: result.code };
    await change(deps, pass, (from) => afterRefusal(from, taught, refusal));
  } else {
    await change(deps, pass, (from) => afterSuccess(from, taught));
  }
}

/** Whether this pass is the one that finds out whether the line to Monoova works again. */
export function isLineProbe({ controls, call, attempt }: Pass): boolean {
  return call === 'post' && controls.open_until !== undefined && controls.probe_by === attempt;
}

/** The probe asked before it would have paid, and not even that went through. Never throws. */
export function reportLost(deps: GateDeps, pass: Pass, reason: string): Promise<void> {
  return fail(deps, pass, { reason });
}

type Throttled = Extract<ExecuteResult, { kind: 'throttled' }>;

/** Longer than an invocation can sit out: Monoova wants to be left alone by everybody. */
export function isLong({ retryAfterSeconds }: Throttled): boolean {
  return retryAfterSeconds !== undefined && retryAfterSeconds > RETRY_AFTER_SHORT_SECONDS;
}

function restOf({ retryAfterSeconds = 0 }: Throttled) {
  return { reason: `HTTP 429, Retry-After ${retryAfterSeconds} s`, openForMs: retryAfterSeconds * 1000 };
}

function fail(deps: GateDeps, pass: Pass, failure: { readonly reason: string; readonly openForMs?: number }) {
  const taught = taughtBy(deps, pass);
  return change(deps, pass, (from) => afterFailure(from, taught, { ...failure, policy: deps.breaker }));
}

function taughtBy({ nowMs }: GateDeps, { call, attempt, line }: Pass): Taught {
  return { call, attempt, key: line.key, nowMs: nowMs() };
}

async function change(deps: GateDeps, pass: Pass, changed: (from: Controls) => Controls): Promise<void> {
  const { attempt } = pass;
  try {
    const written = await changeControls(deps.controls, pass.controls, changed);
    if (written) announce(deps, written);
    else deps.log.warn('Others wrote the control item each time: this call does not count.', { attempt });
  } catch (error) {
    deps.log.error('The control item could not be written: this call does not count.', { attempt, error });
  }
}

function announce({ metrics, log }: GateDeps, { before, after }: ControlsChange): void {
  if ((after.openings ?? 0) > (before.openings ?? 0)) {
    metrics.count('BreakerOpened');
    log.error('The breaker is open: nothing is submitted until then.', {
      open_until: after.open_until,
      reason: after.open_reason,
    });
  }
  if (before.open_until !== undefined && after.open_until === undefined) log.info('The breaker is closed again.');
  if (after.refused_at !== before.refused_at && after.refused_key !== undefined) {
    log.error('Monoova refuses the key: nobody shows it.', { key: after.refused_key, reason: after.refused_reason });
  }
}
