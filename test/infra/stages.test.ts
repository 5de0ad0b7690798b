import { describe, expect, it } from 'vitest';
import { defineStage, holdsSeconds, STAGES, type Stage } from '../../infra/stages.ts';

const { dev, prod } = STAGES;
type Timers = Stage['timers'];

const withTimers = (timers: Partial<Timers>) => () => defineStage({ ...dev, timers: { ...dev.timers, ...timers } });

describe('the settings of a stage', () => {
  it.each<[string, Partial<Timers>, RegExp]>([
    ['a submission too short for its calls', { submitPaymentMs: 12_999 }, /submitPaymentMs must hold/],
    ['an Express machine too short for a submission', { expressMs: 19_999 }, /expressMs must hold submitPaymentMs/],
    ['a gateway that gives up with the machine', { gatewayMs: 26_999 }, /gatewayMs must outlive expressMs/],
    ['a gateway slower than API Gateway allows', { gatewayMs: 29_001 }, /at most 29 s/],
    [
      'a first wait within what a submission leaves behind',
      { settlementWaitsSeconds: [40, ...dev.timers.settlementWaitsSeconds.slice(1)] },
      /first settlement wait must be longer than expressMs and submitPaymentMs together/,
    ],
    ['waits that do not grow', { settlementWaitsSeconds: [60, 60, 172_800] }, /longer than the one before/],
    ['too little patience', { settlementWaitsSeconds: [60, 120, 300] }, /about two days/],
    ['too much patience', { settlementWaitsSeconds: [60, 600_000] }, /about two days/],
    ['holds that shrink', { holds: { ...dev.timers.holds, longestSeconds: 30 } }, /must not be shorter than the first/],
    ['holds that end too soon', { holds: { ...dev.timers.holds, max: 10 } }, /holds must come to about two days/],
    [
      'more holds than a history can hold twice',
      { holds: { firstSeconds: 60, longestSeconds: 120, max: 1500 } },
      /fit twice into the history/,
    ],
  ])('refuse %s, and say which rule is broken', (_, timers, words) => {
    expect(withTimers(timers)).toThrow(words);
  });

  it.each([
    [{ stageCents: 99_999, customerCents: 100_000 }, /must not exceed dailyLimits.stageCents/],
    [{ stageCents: 100_000, customerCents: 99_999 }, /must allow one payout of amountMaxCents/],
  ])('refuse the daily limits %j', (dailyLimits, words) => {
    expect(() => defineStage({ ...dev, dailyLimits })).toThrow(words);
  });

  it('hold a payout back for two days in all', () => {
    let seconds = 0;
    for (let hold = 1; hold <= dev.timers.holds.max; hold++) seconds += Math.min(60 * hold, 300);
    expect(holdsSeconds(dev.timers.holds)).toBe(seconds);
    expect(seconds).toBe(172_800);
  });

  it('refuse a breaker that stays open for a shorter time at the most than at first', () => {
    const breaker = { failuresToOpen: 5, cooldownSeconds: 30, cooldownMaxSeconds: 29 };
    expect(() => defineStage({ ...dev, breaker })).toThrow(/cooldownMaxSeconds must not be shorter/);
  });

  it('accept the closest timers that keep every rule', () => {
    expect(withTimers({ submitPaymentMs: 13_000, expressMs: 18_000, gatewayMs: 20_000 })).not.toThrow();
  });

  it('refuse a quiet period that leaves no time to look up after it', () => {
    expect(() => defineStage({ ...dev, quietPeriodMs: 86_400_000 })).toThrow(/quietPeriodMs must leave time/);
  });

  it('refuse a base URL whose host is not among the allowed ones', () => {
    const monoova = { ...dev.monoova, baseUrl: 'https://api.mpay.com.au' };
    expect(() => defineStage({ ...dev, monoova })).toThrow(/must include the host/);
  });

  it.each<[string, Partial<Stage>, RegExp]>([
    ['loopback', { monoova: { ...prod.monoova, hosts: [...prod.monoova.hosts, 'loopback'] } }, /loopback/],
    ['no firewall', { webAcl: null }, /must have a web ACL/],
    ['webhooks without a signature', { webhookProof: 'bearer' }, /signature and bearer/],
    ['data that goes with the stack', { removal: 'destroy' }, /retain its data/],
    ['copies of fewer than seven years', { backupYears: 6 }, /seven years of copies/],
  ])('refuse production with %s', (_, change, words) => {
    expect(() => defineStage({ ...prod, ...change })).toThrow(words);
  });

  it('refuse tables that throttle before the API does', () => {
    expect(() => defineStage({ ...dev, tableUnitsPerSecond: 1_999 })).toThrow(/the API throttles first/);
  });

  it('let production speak to its own host alone and never send again by itself', () => {
    expect(prod.monoova.hosts).toEqual(['api.mpay.com.au']);
    expect(prod.resubmission).toBe('never');
  });
});
