import { describe, expect, it } from 'vitest';
import { type LiveVersions, versionsBefore } from '../../ops/live-versions.ts';
import { refuseSplit } from '../../ops/rollback.ts';

const deployed = (version: string): LiveVersions => ({
  alias: 'live',
  functions: { 'payouts-dev-submit-payment': version, 'payouts-dev-read-payouts': '1' },
  machines: ['arn:aws:states:ap-southeast-2:000000000000:stateMachine:payouts-dev-settlement:4'],
});
const [FIRST, SECOND, THIRD] = [deployed('1'), deployed('2'), deployed('3')];

describe('the way back', () => {
  it.each([
    ['nothing', [], undefined],
    ['the first deployment', [FIRST], undefined],
    ['the second', [FIRST, SECOND], FIRST],
    ['the third', [FIRST, SECOND, THIRD], SECOND],
    ['the first, after a second that was undone', [FIRST, SECOND, FIRST], undefined],
    ['the second, after a third that was undone', [FIRST, SECOND, THIRD, SECOND], FIRST],
    ['a deployment that was repeated', [FIRST, SECOND, structuredClone(SECOND)], FIRST],
  ])('from %s', (_from, history, before) => {
    expect(versionsBefore(history)).toEqual(before);
  });

  it('is not taken while a deployment shifts requests', () => {
    const steady = { name: 'payouts-dev-read-payouts', isSplit: false };
    expect(() => refuseSplit([steady])).not.toThrow();
    expect(() => refuseSplit([steady, { name: 'payouts-dev-submit-payment', isSplit: true }])).toThrow(
      /still shifting requests to payouts-dev-submit-payment: .*Nothing was moved/,
    );
  });
});
