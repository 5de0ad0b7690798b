import { describe, expect, it } from 'vitest';
import { GUARDS_MAX, guardName, guardNumberOf } from '../../domain/guard.ts';
import { TRANSACTION_ID } from '../builders/payout.ts';

describe('the names of guards', () => {
  it('lead back to their numbers', () => {
    for (let number = 1; number <= GUARDS_MAX; number++) {
      expect(guardNumberOf(guardName(TRANSACTION_ID, number), TRANSACTION_ID)).toBe(number);
    }
  });

  it('fit into the 80 characters of an execution name', () => {
    expect(guardName(TRANSACTION_ID, GUARDS_MAX).length).toBeLessThanOrEqual(80);
  });

  it.each(['', '-', '-0', '-1', '-02', '-2.0', '-2e1', '-x', '2', '-99999999999999999999'])(
    'are no others: the id and %j',
    (suffix) => {
      const number = guardNumberOf(`${TRANSACTION_ID}${suffix}`, TRANSACTION_ID);
      expect(number).toBe(suffix === '' ? 1 : undefined);
    },
  );

  it("are not another payout's", () => {
    expect(guardNumberOf('txn-another-2', TRANSACTION_ID)).toBeUndefined();
  });
});
