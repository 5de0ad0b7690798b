import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterRefusal,
  afterSuccess,
  type BreakerPolicy,
  giveBackProbe,
  type Taught,
  takeProbe,
} from '../../domain/breaker.ts';
import { type Controls, mayCall, NO_CONTROLS, resumed } from '../../domain/controls.ts';

const START_MS = Date.parse('2026-11-23T00:00:00.000Z');
const POLICY: BreakerPolicy = { failuresToOpen: 3, cooldownMs: 30_000, cooldownMaxMs: 300_000 };
const KEY = 'key-1';

const taught = (fields: Partial<Taught> = {}): Taught => ({
  call: 'post',
  attempt: 'me',
  nowMs: START_MS,
  key: KEY,
  ...fields,
});
const controls = (fields: Partial<Controls> = {}): Controls => ({ ...NO_CONTROLS, ...fields });
const failed = (from: Controls, fields: Partial<Taught> = {}, openForMs?: number) =>
  afterFailure(from, taught(fields), {
    policy: POLICY,
    reason: 'TIMEOUT',
    ...(openForMs === undefined ? {} : { openForMs }),
  });
const at = (ms: number) => new Date(START_MS + ms).toISOString();

describe('the breaker', () => {
  it('opens at the failure that makes it too many in a row, and not before', () => {
    const two = failed(failed(NO_CONTROLS));
    expect(two).toMatchObject({ failures: 2, revision: 2 });
    expect(two).not.toHaveProperty('open_until');
    expect(failed(two)).toEqual({
      revision: 3,
      changed_by: 'me',
      openings: 1,
      open_until: at(30_000),
      open_reason: 'TIMEOUT',
    });
  });

  it('forgets its failures when a POST goes through', () => {
    expect(afterSuccess(controls({ failures: 2 }), taught())).toEqual({ revision: 1, changed_by: 'me' });
  });

  it('keeps its probe while the attempt has only asked, and goes on to pay', () => {
    const probing = takeProbe(controls({ open_until: at(0), openings: 1 }), 'me', START_MS + 20_000);
    expect(afterSuccess(probing, taught({ call: 'look-up', isBeforePost: true }))).toBe(probing);
    expect(afterSuccess(probing, taught({ call: 'look-up' }))).not.toHaveProperty('probe_by');
  });

  it('has nothing to write while all is well', () => {
    expect(afterSuccess(NO_CONTROLS, taught())).toBe(NO_CONTROLS);
    expect(giveBackProbe(NO_CONTROLS, 'me')).toBe(NO_CONTROLS);
  });

  it('does not learn of POSTs from look-ups', () => {
    const open = controls({ failures: 2 });
    expect(afterSuccess(open, taught({ call: 'look-up' }))).toBe(open);
  });

  it('stays open twice as long each time that the probe fails, up to the longest', () => {
    let item = failed(failed(failed(NO_CONTROLS)));
    const lengths: number[] = [];
    for (let probe = 0; probe < 6; probe++) {
      const nowMs = Date.parse(item.open_until ?? '');
      item = failed(takeProbe(item, 'me', nowMs + 20_000), { nowMs });
      lengths.push((Date.parse(item.open_until ?? '') - nowMs) / 1000);
    }
    expect(lengths).toEqual([60, 120, 240, 300, 300, 300]);
  });

  it('closes when its probe goes through, and begins with short cooldowns again', () => {
    const half = controls({ open_until: at(0), open_reason: 'TIMEOUT', openings: 5 });
    const closed = afterSuccess(takeProbe(half, 'me', START_MS + 20_000), taught());
    expect(closed).toEqual({ revision: 2, changed_by: 'me' });
    expect(failed(failed(failed(closed)))).toMatchObject({ open_until: at(30_000) });
  });

  it.each([
    ['still open', at(1)],
    ['half open', at(0)],
  ])('learns nothing, %s, from calls that are no probe: they began before it opened', (_, open_until) => {
    const item = controls({ open_until, openings: 1 });
    expect(afterSuccess(item, taught())).toBe(item);
    expect(failed(item)).toBe(item);
  });

  it('opens at once, and for as long, where Monoova asks for a long rest', () => {
    expect(failed(NO_CONTROLS, {}, 600_000)).toMatchObject({ open_until: at(600_000), openings: 1 });
    expect(failed(NO_CONTROLS, {}, 4_000)).toMatchObject({ open_until: at(30_000) });
  });

  it('is kept open for longer by a longer rest alone', () => {
    const item = controls({ open_until: at(30_000), openings: 1 });
    expect(failed(item, {}, 600_000)).toMatchObject({ open_until: at(600_000), openings: 1 });
    expect(failed(item, {}, 10_000)).toBe(item);
  });
});

describe('a refused key', () => {
  const named = (from: Controls, fields: Partial<Taught> = {}) =>
    afterRefusal(from, taught(fields), { isNamed: true, reason: 'MerchantFailedToLogin' });
  const doubted = (from: Controls, fields: Partial<Taught> = {}) =>
    afterRefusal(from, taught(fields), { isNamed: false, reason: 'HTTP 403' });

  it('by name is stopped without an end', () => {
    expect(named(NO_CONTROLS)).toMatchObject({
      refused_key: KEY,
      refused_at: at(0),
      refused_reason: 'MerchantFailedToLogin',
    });
    expect(named(NO_CONTROLS)).not.toHaveProperty('refused_until');
  });

  it('rests where it was only doubted, twice as long each time', () => {
    let item = NO_CONTROLS;
    let nowMs = START_MS;
    const minutes: number[] = [];
    for (let time = 0; time < 6; time++) {
      item = doubted(item, { nowMs });
      const restMs = Date.parse(item.refused_until ?? '') - nowMs;
      minutes.push(restMs / 60_000);
      nowMs += restMs;
    }
    expect(minutes).toEqual([15, 30, 60, 120, 240, 240]);
  });

  it('is told by many calls at once, and noted once', () => {
    const once = named(NO_CONTROLS);
    expect(named(once, { attempt: 'another' })).toBe(once);
    expect(doubted(once, { attempt: 'another' })).toBe(once);
    const doubt = doubted(NO_CONTROLS);
    expect(doubted(doubt, { attempt: 'another' })).toBe(doubt);
  });

  it('that was doubted and is then refused by name does not come back by time', () => {
    expect(named(doubted(NO_CONTROLS))).not.toHaveProperty('refused_until');
  });

  it('stays known when another has proven itself, which then needs no probe', () => {
    const proven = afterSuccess(named(NO_CONTROLS), taught({ key: 'key-2', call: 'look-up' }));
    expect(proven).toMatchObject({ refused_key: KEY, proven_key: 'key-2' });
    const ask = { call: 'post', attempt: 'me', nowMs: START_MS } as const;
    expect(mayCall(proven, { ...ask, key: 'key-2' })).toEqual({ kind: 'go' });
    expect(mayCall(proven, { ...ask, key: KEY })).toEqual({ kind: 'held', by: 'credentials' });
  });

  it('that was proven can be refused in turn', () => {
    const proven = afterSuccess(named(NO_CONTROLS), taught({ key: 'key-2' }));
    const refused = named(proven, { key: 'key-2' });
    expect(refused).toMatchObject({ refused_key: 'key-2' });
    expect(refused).not.toHaveProperty('proven_key');
  });

  it('is forgiven when a person sent one probe and it went through', () => {
    const probing = takeProbe(resumed(named(NO_CONTROLS), 'jo', START_MS), 'me', START_MS + 20_000);
    expect(afterSuccess(probing, taught())).toEqual({ revision: 4, changed_by: 'me' });
  });

  it('is not forgiven by a call that showed it before it was refused', () => {
    const item = named(NO_CONTROLS);
    expect(afterSuccess(item, taught({ attempt: 'another' }))).toBe(item);
  });

  it('keeps the probe from others where the line did not answer it', () => {
    const probing = takeProbe(resumed(named(NO_CONTROLS), 'jo', START_MS), 'me', START_MS + 20_000);
    expect(failed(probing)).toMatchObject({ probe_by: 'me', failures: 1 });
  });
});

/** What may befall callers of an outage, one after the other; each caller has read the item at some time before it acts. */
const step = fc.record({
  who: fc.integer({ min: 0, max: 4 }),
  does: fc.constantFrom('ask', 'ask', 'succeed', 'fail', 'refuse', 'doubt', 'give back', 'die'),
  call: fc.constantFrom<'post' | 'look-up'>('post', 'post', 'look-up'),
  key: fc.constantFrom('key-1', 'key-2'),
  afterMs: fc.integer({ min: 0, max: 60_000 }),
});

describe('whatever happens in whatever order', () => {
  it('no two probe at once, nobody posts into an open breaker, and no key is shown that is known to be refused', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let item = NO_CONTROLS;
        let nowMs = START_MS;
        const calls = new Map<string, { taught: Taught; isProbe: boolean; untilMs: number }>();
        let number = 0;
        for (const { who, does, call, key, afterMs } of steps) {
          nowMs += afterMs;
          const running = [...calls.keys()][who % Math.max(1, calls.size)];
          if (does === 'ask') {
            number += 1;
            const attempt = `attempt-${number}`;
            const admission = mayCall(item, { call, attempt, nowMs, key });
            if (admission.kind === 'held') continue;
            const isOpen = item.open_until !== undefined && nowMs < Date.parse(item.open_until);
            expect(call === 'post' && isOpen).toBe(false);
            if (item.refused_key === key && item.refused_until === undefined) expect(item.proven_key).toBe(key);
            if (admission.kind === 'probe') {
              const probing = [...calls.values()].filter((one) => one.isProbe && one.untilMs > nowMs);
              expect(probing).toEqual([]);
              item = takeProbe(item, attempt, nowMs + 20_000);
            }
            const isProbe = admission.kind === 'probe';
            calls.set(attempt, { taught: { call, attempt, nowMs, key }, isProbe, untilMs: nowMs + 20_000 });
            continue;
          }
          const one = running === undefined ? undefined : calls.get(running);
          if (!one || running === undefined) continue;
          calls.delete(running);
          // A call ends before its lease does; the dead hold theirs to the end.
          const told = { ...one.taught, nowMs: Math.min(nowMs, one.untilMs - 1) };
          if (nowMs >= one.untilMs && one.isProbe) continue;
          if (does === 'die') {
            if (one.isProbe) calls.set(running, one);
            continue;
          }
          const before = item.revision;
          item = learn(item, does, told);
          expect(item.revision - before).toBeLessThanOrEqual(1);
          if (one.isProbe && item.probe_by === running) calls.set(running, one);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function learn(item: Controls, does: string, told: Taught): Controls {
  if (does === 'succeed') return afterSuccess(item, told);
  if (does === 'fail')
    return told.call === 'post' ? afterFailure(item, told, { policy: POLICY, reason: 'TIMEOUT' }) : item;
  if (does === 'refuse') return afterRefusal(item, told, { isNamed: true, reason: 'x' });
  if (does === 'doubt') return afterRefusal(item, told, { isNamed: false, reason: 'x' });
  return giveBackProbe(item, told.attempt);
}
