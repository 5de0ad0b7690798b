import { describe, expect, it } from 'vitest';
import {
  areRecordsDoubted,
  type Controls,
  controlsSchema,
  mayCall,
  NO_CONTROLS,
  paused,
  pausedForRestore,
  resumed,
} from '../../domain/controls.ts';

const NOW_MS = Date.parse('2026-11-23T00:00:00.000Z');
const KEY = 'fedcba9876543210';
const OTHER_KEY = '0123456789abcdef';
const BEFORE = '2026-11-22T23:59:59.999Z';
const NOW = '2026-11-23T00:00:00.000Z';
const AFTER = '2026-11-23T00:00:00.001Z';

const controls = (fields: Partial<Controls> = {}): Controls => ({ ...NO_CONTROLS, ...fields });
const ask = (from: Controls, call: 'post' | 'look-up' = 'post', key = KEY) =>
  mayCall(from, { call, attempt: 'me', nowMs: NOW_MS, key });

describe('a call to Monoova', () => {
  it('may be made where nothing holds', () => {
    expect(ask(NO_CONTROLS)).toEqual({ kind: 'go' });
    expect(ask(controls({ failures: 4 }))).toEqual({ kind: 'go' });
  });

  it.each([
    ['a pause', { paused_at: BEFORE }, 'paused'],
    ['an open breaker', { open_until: AFTER }, 'breaker'],
    ["another's probe of it", { open_until: NOW, probe_by: 'another', probe_until: AFTER }, 'breaker'],
  ] as const)('that moves money is held by %s, and a look-up is not', (_, fields, by) => {
    expect(ask(controls(fields))).toEqual({ kind: 'held', by });
    expect(ask(controls(fields), 'look-up')).toEqual({ kind: 'go' });
  });

  it.each([
    ['refused by name', { refused_key: KEY }],
    ['resting', { refused_key: KEY, refused_until: AFTER }],
    ['refused, whatever was proven of others', { refused_key: KEY, proven_key: OTHER_KEY }],
  ] as const)('of any kind is held for a key that is %s', (_, fields) => {
    for (const call of ['post', 'look-up'] as const) {
      expect(ask(controls(fields), call)).toEqual({ kind: 'held', by: 'credentials' });
    }
  });

  it.each([
    ['the breaker is half open', { open_until: NOW }],
    ['the key is another than the refused one', { refused_key: OTHER_KEY }],
    ['the key has rested', { refused_key: KEY, refused_until: NOW }],
    ['the probe before it has died', { open_until: NOW, probe_by: 'another', probe_until: NOW }],
    ['it is probing already', { open_until: NOW, probe_by: 'me', probe_until: AFTER }],
  ] as const)('has to win the probe where %s', (_, fields) => {
    expect(ask(controls(fields))).toEqual({ kind: 'probe' });
  });

  it('goes on with the key that was proven in the place of the refused one', () => {
    expect(ask(controls({ refused_key: OTHER_KEY, proven_key: KEY }))).toEqual({ kind: 'go' });
  });

  it('is held by the pause first: a person decides before a machine', () => {
    const all = controls({ paused_at: NOW, open_until: AFTER, refused_key: KEY });
    expect(ask(all)).toEqual({ kind: 'held', by: 'paused' });
  });
});

describe('the operator', () => {
  it('pauses in a name, with a reason, for no set time', () => {
    const after = paused(controls({ revision: 4, failures: 2 }), 'arn:aws:iam::1:user/jo', 'drill', NOW_MS);
    expect(after).toEqual({
      revision: 5,
      changed_by: 'arn:aws:iam::1:user/jo',
      failures: 2,
      paused_by: 'arn:aws:iam::1:user/jo',
      paused_at: NOW,
      pause_reason: 'drill',
    });
    const years = { call: 'post', attempt: 'me', nowMs: NOW_MS + 10 * 365 * 86_400_000, key: KEY } as const;
    expect(mayCall(after, years)).toEqual({ kind: 'held', by: 'paused' });
  });

  it('resumes at once where only the pause held', () => {
    const after = resumed(paused(NO_CONTROLS, 'jo', 'drill', NOW_MS), 'jo', NOW_MS);
    expect(after).toEqual({ revision: 2, changed_by: 'jo' });
  });

  it('doubts the records from a pause for a restore on, through another pause, and for 31 days after it', () => {
    const forRestore = pausedForRestore(NO_CONTROLS, 'jo', 'restore', NOW_MS);
    const after = resumed(paused(forRestore, 'al', 'drill', NOW_MS), 'jo', NOW_MS);
    expect(after).toEqual({ revision: 3, changed_by: 'jo', records_doubted_until: '2026-12-24T00:00:00.000Z' });
    const endsMs = NOW_MS + 31 * 86_400_000;
    const doubted = [forRestore, after].map((known) => areRecordsDoubted(known, endsMs - 1));
    expect([...doubted, areRecordsDoubted(after, endsMs), areRecordsDoubted(NO_CONTROLS, NOW_MS)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(resumed(after, 'jo', NOW_MS + 1)).toMatchObject({ records_doubted_until: '2026-12-24T00:00:00.000Z' });
  });

  it.each([
    ['an open breaker', { open_until: AFTER }],
    ['a key refused by name', { refused_key: KEY }],
    ['a key that rests', { refused_key: KEY, refused_until: AFTER }],
  ] as const)('resumes from %s by one probe', (_, fields) => {
    const after = resumed(controls(fields), 'jo', NOW_MS);
    expect(ask(after)).toEqual({ kind: 'probe' });
  });

  it('gives nobody back a key that another has replaced', () => {
    const after = resumed(controls({ refused_key: KEY, proven_key: OTHER_KEY }), 'jo', NOW_MS);
    expect(ask(after)).toEqual({ kind: 'held', by: 'credentials' });
    expect(ask(after, 'post', OTHER_KEY)).toEqual({ kind: 'go' });
  });

  it('makes no breaker open that was closed, nor half open longer', () => {
    expect(resumed(controls({ failures: 3 }), 'jo', NOW_MS)).toEqual({ revision: 1, changed_by: 'jo', failures: 3 });
    expect(resumed(controls({ open_until: BEFORE }), 'jo', NOW_MS)).toMatchObject({ open_until: BEFORE });
  });
});

it('what a newer version wrote is kept by an older one', () => {
  const newer = { revision: 1, changed_by: 'x', drain_until: 'tomorrow' };
  expect(resumed(controlsSchema.parse(newer), 'jo', NOW_MS)).toMatchObject({ drain_until: 'tomorrow' });
});
