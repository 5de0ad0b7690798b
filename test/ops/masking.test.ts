import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masked, scrub } from '../../ops/masking.ts';
import { timelineOf } from '../../ops/timeline.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../builders/payout.ts';

const digits = fc.stringMatching(/^[0-9]{5,20}$/);
/** As people write account numbers: together, in groups, with a BSB in front, or as a phone number. */
const account = fc.oneof(
  digits,
  digits.map((text) => text.replace(/(\d{3})(?=\d)/g, '$1 ')),
  digits.map((text) => `802-985 ${text}`),
  digits.map((text) => `+61-${text}`),
);
const words = fc.stringMatching(/^[a-z ]{0,12}$/);
const sentence = fc.tuple(words, account, words).map(([before, number, after]) => `${before} ${number} ${after}`);
const hasDigitRun = (text: string) => /[0-9](?:[ -]?[0-9]){4}/.test(text);

describe('scrub', () => {
  it('leaves no run of five digits of an account in free text', () => {
    fc.assert(fc.property(sentence, (text) => !hasDigitRun(scrub(text))));
  });

  it.each([
    ['an id', `the payout ${TRANSACTION_ID} is open`],
    ['an ARN', 'arn:aws:states:ap-southeast-2:000000000000:express:submission:one:two'],
    ['a time', 'at 2026-11-23T00:00:00.000Z'],
    ['a short number', 'after 1234 ms with code 202'],
  ])('leaves %s as it is', (_name, text) => {
    expect(scrub(text)).toBe(text);
  });

  it.each([
    ['an e-mail address', 'no PayID jane.citizen@example.com here', 'no PayID (e-mail) here'],
    ['a ciphertext', `it is ${'Q2lw'.repeat(30)}==`, 'it is (ciphertext, 122 characters)'],
    ['digits between letters', 'acc123456x', 'acc•••••x'],
  ])('hides %s', (_name, text, shown) => {
    expect(scrub(text)).toBe(shown);
  });
});

describe('masked', () => {
  /** Anything JSON can hold, with accounts as texts and numbers, under any name, and JSON within JSON. */
  const data = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      sentence,
      account,
      fc.nat({ max: 9_007_199_254_740 }).map((number) => number + 10_000),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(words, account), tie('any'), { maxKeys: 3 }),
      tie('any').map((inner) => JSON.stringify(inner)),
    ),
  })).any;

  it('leaves no run of five digits of an account in the data of a step', () => {
    fc.assert(fc.property(data, (value) => !hasDigitRun(JSON.stringify(masked(value)))));
  });

  it('shows ciphertext as its length, and tokens and encoded bodies never', () => {
    const token = 'AQCoAAAAKg';
    const shown = masked({
      destination: { ciphertext: 'Q2lwaGVy', masked: '••••321' },
      Item: { destination_ciphertext: { S: 'Q2lwaGVy' } },
      ExpressionAttributeValues: { ':token': { S: token } },
      taskToken: token,
      body_base64: 'eyJhIjoxfQ==',
      idempotency_keys_base64: ['a2V5'],
    });
    expect(shown).toEqual({
      destination: { ciphertext: '(ciphertext, 8 characters)', masked: '••••321' },
      Item: { destination_ciphertext: { S: '(ciphertext, 8 characters)' } },
      ExpressionAttributeValues: { ':token': { S: '(token)' } },
      taskToken: '(token)',
      body_base64: '(encoded, 12 characters)',
      idempotency_keys_base64: ['(encoded, 4 characters)'],
    });
  });

  it('shows amounts and numbers that are known to be no account', () => {
    const numbers = { amount_cents: { N: '123456' }, monoova_transaction_id: 1234567, timeoutInSeconds: 86_400 };
    expect(masked(numbers)).toEqual(numbers);
  });

  it('opens JSON within a text', () => {
    expect(masked({ input: '{"description":"to 123456"}' })).toEqual({ input: { description: 'to •••••' } });
  });
});

describe('the timeline', () => {
  it('leaves no run of five digits of an account that a fact, a cause or a state holds', () => {
    fc.assert(
      fc.property(sentence, account, (text, number) => {
        const details = {
          name: 'SubmitPayment',
          error: text,
          cause: JSON.stringify({ errorMessage: text }),
          input: JSON.stringify({ number }),
        };
        const events = ['TaskStateEntered', 'TaskFailed', 'ExecutionFailed'].map((type, index) => ({
          id: index + 1,
          atMs: index,
          type,
          details,
        }));
        const payout = aPayout({ history: [aFact({ kind: 'declined', detail: text })] });
        const story = timelineOf(payout, [{ place: 'submission', events }]);
        const shown = JSON.stringify(story.map(({ what, data }) => [what, data])).replaceAll('000000000000', '');
        expect(shown).not.toMatch(/[0-9](?:[ -]?[0-9]){4}/);
      }),
    );
  });
});
