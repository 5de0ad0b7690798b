import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHECKS,
  checked,
  EMPTY_TALLY,
  FINDING_CLASSES,
  FINDINGS,
  type FindingClass,
  found,
  incomplete,
  type Run,
  reportOf,
  reportSchema,
  type Tally,
  tallySchema,
} from '../../domain/reconciliation.ts';
import { TRANSACTION_ID } from '../builders/payout.ts';

/** What a state may carry: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const CARRIED_MAX_BYTES = 262_144;
/** Around the tally: the run, a cursor, and what the machine adds. */
const AROUND_BYTES = 8_192;

const RUN: Run = { from: '2026-11-22', to: '2026-11-22', today: '2026-11-23', is_rebuild: false, name: 'a-run' };

const repeat = (tally: Tally, times: number, once: (tally: Tally, index: number) => Tally) =>
  Array.from({ length: times }).reduce<Tally>((so, _, index) => once(so, index), tally);

describe('what a reconciliation has found', () => {
  it('is counted, and named up to a hundred times of a class', () => {
    const tally = repeat(EMPTY_TALLY, 150, (so) => found(so, 'orphan', { id: TRANSACTION_ID }));
    expect(tally.counts).toEqual({ orphan: 150 });
    expect(tally.named.orphan).toHaveLength(100);
    expect(tallySchema.parse(tally)).toEqual(tally);
  });

  it('can be carried by a state machine, whatever words Monoova uses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (words) => {
        const detail = words.repeat(200);
        const all = FINDING_CLASSES.reduce(
          (tally, what) => repeat(tally, 101, (so) => found(so, what, { id: TRANSACTION_ID, detail })),
          EMPTY_TALLY,
        );
        const tally = repeat(all, 30, (so, index) => incomplete(so, `${index} ${detail}`));
        expect(() => tallySchema.parse(tally)).not.toThrow();
        expect(Buffer.byteLength(JSON.stringify(tally))).toBeLessThan(CARRIED_MAX_BYTES - AROUND_BYTES);
      }),
      { numRuns: 30, examples: [['"'], ['\\'], ['€'], ['👩‍👧'], ['\u0000'], ['x']] },
    );
  });

  it('calls a person for what no machine may decide, and for nothing else', () => {
    const called = (what: FindingClass) => reportOf(RUN, found(EMPTY_TALLY, what, { id: TRANSACTION_ID })).needs_person;
    expect(FINDING_CLASSES.filter((what) => !called(what))).toEqual([
      'not-found-yet',
      'repaired',
      'noted',
      'rebuilt',
      'guard-started',
      'webhook-resent',
    ]);
    expect(reportOf(RUN, EMPTY_TALLY)).toMatchObject({ needs_person: false, is_complete: true });
  });

  it('names a next step for every class that calls a person', () => {
    for (const what of FINDING_CLASSES) expect(FINDINGS[what].next.length > 0).toBe(FINDINGS[what].needsPerson);
  });

  it('is not complete, and calls a person, once anything was left out', () => {
    const report = reportOf(RUN, incomplete(EMPTY_TALLY, 'statuses of 2026-11-22: HTTP 503'));
    expect(report).toMatchObject({
      is_complete: false,
      needs_person: true,
      incomplete: ['statuses of 2026-11-22: HTTP 503'],
    });
    expect(reportSchema.parse(report)).toEqual(report);
  });

  it('gives a reason once, and says where there are more than twenty', () => {
    const twice = repeat(EMPTY_TALLY, 2, (so) => incomplete(so, 'the same'));
    expect(twice.incomplete).toEqual(['the same']);
    const many = repeat(EMPTY_TALLY, 50, (so, index) => incomplete(so, `reason ${index}`));
    expect(many.incomplete).toHaveLength(20);
    expect(many.incomplete.at(-1)).toBe('and more');
    expect(reportOf(RUN, many).is_complete).toBe(false);
  });

  it('adds up what was looked at, and mentions nothing that was not', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...CHECKS), fc.nat(1_000))), (looks) => {
        const tally = looks.reduce((so, [what, count]) => checked(so, what, count), EMPTY_TALLY);
        for (const check of CHECKS) {
          const sum = looks.filter(([what]) => what === check).reduce((total, [, count]) => total + count, 0);
          expect(tally.checked[check]).toBe(sum === 0 ? undefined : sum);
        }
      }),
    );
  });
});
