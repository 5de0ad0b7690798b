import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../functions/powertools/redact.ts';
import { TRANSACTION_ID } from '../../builders/payout.ts';

describe('a value in a log line', () => {
  it.each(['accountNumber', 'AccountName', 'authorization', 'task_token', 'destination', 'Body'])(
    'is left out under the name %s, whatever it is',
    (key) => {
      expect(redact(key, { deep: 'secret' })).toBe('***');
      expect(redact(key, 'secret')).toBe('***');
      expect(redact(key, undefined)).toBeUndefined();
    },
  );

  it('loses numbers and e-mails from its text', () => {
    expect(redact('message', 'paid 819877339 of jane@example.com')).toBe('paid *** of ***');
    expect(redact('reason', 'BSB 802-985')).toBe('BSB ***');
  });

  it.each([
    TRANSACTION_ID,
    `${TRANSACTION_ID} was written by others 8 times in a row.`,
    'arn:aws:states:ap-southeast-2:000000000000:express:submission:one:two',
    'The secret arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:monoova/dev/api-key-AbCdEf cannot be read.',
    'https://sqs.ap-southeast-2.amazonaws.com/123456789012/webhooks',
    '2026-11-23T00:00:00.000Z',
    'at async handle (file:///var/task/index.mjs:105:12345)',
    'at processTicksAndRejections (node:internal/process/task_queues:1045:15)',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ])('keeps the names of our own things: %s', (text) => {
    expect(redact('message', text)).toBe(text);
  });

  it.each(['request_id', 'transaction_id', 'timestamp', 'xray_trace_id'])('is kept whole under the name %s', (key) => {
    expect(redact(key, '1-67891233-abcdef012345678912345678')).toBe('1-67891233-abcdef012345678912345678');
  });

  it('is kept where it is no text', () => {
    expect(redact('amount_cents', 1_234_567)).toBe(1_234_567);
    expect(redact('list', ['x'])).toEqual(['x']);
  });

  it('shows no account number beside a name of ours', () => {
    const account = fc.stringMatching(/^[0-9]{5,20}$/);
    fc.assert(
      fc.property(account, fc.constantFrom(TRANSACTION_ID, '2026-11-23T00:00:00Z', ''), (number, name) => {
        expect(redact('message', `${name} ${number} ${name}`)).not.toContain(number);
      }),
    );
  });
});
