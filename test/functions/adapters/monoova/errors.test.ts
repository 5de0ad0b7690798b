import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREDENTIALS_CODES, DECLINE_CODES } from '../../../../functions/adapters/monoova/codes.ts';
import { executeResultOf, lookupResultOf } from '../../../../functions/adapters/monoova/errors.ts';
import type { HttpOutcome } from '../../../../functions/adapters/monoova/http-exchange.ts';

const REFERENCE = '0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';
const OTHER = '1a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpOutcome {
  return { kind: 'answer', status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}
const execute = (outcome: HttpOutcome, secrets: readonly string[] = []) => executeResultOf(outcome, REFERENCE, secrets);
const lookUp = (outcome: HttpOutcome) => lookupResultOf(outcome, REFERENCE);

/** As in Monoova's own specification, with fields that this system does not know. */
const OK = {
  durationMs: 15,
  status: 'Ok',
  statusDescription: 'Operation completed successfully',
  transactionId: 1022,
  feeAmountExcludingGst: 0.1,
  callerUniqueReference: REFERENCE,
  feeBreakdown: { disbursementFees: [] },
};

describe('a payment that Monoova has', () => {
  it('is accepted by Ok, Pending, and the Accepted of the plan', () => {
    expect(execute(answer(200, OK))).toEqual({ kind: 'accepted', code: 'Ok', monoovaTransactionId: 1022 });
    expect(execute(answer(200, { status: 'Pending', transactionId: 7 }))).toMatchObject({ code: 'Pending' });
    const asPlanned = { status: 'Accepted', transactionId: 'monoova-789' };
    expect(execute(answer(202, asPlanned))).toEqual({ kind: 'accepted', code: 'Accepted' });
  });

  it.each([0, null, -1, 1.5, 'abc'])('is accepted without a number where the number is %j', (transactionId) => {
    expect(execute(answer(200, { ...OK, transactionId }))).toEqual({ kind: 'accepted', code: 'Ok' });
  });

  it.each([302, 400, 500])('is not accepted by HTTP %i, whatever the body says', (status) => {
    expect(execute(answer(status, OK))).toMatchObject({ kind: 'unanswered', detail: `HTTP ${status}, Ok` });
    expect(execute(answer(status, { status: 'Ok' }))).toMatchObject({ kind: 'unanswered' });
  });

  it('was received before where the reference exists, with the number of the first only if there is one', () => {
    const exists = { status: 'UniqueReferenceExists', statusDescription: 'The uniqueReference already exists' };
    const expected = { kind: 'already-received', code: 'UniqueReferenceExists' };
    expect(execute(answer(400, { ...exists, transactionId: 0 }))).toEqual(expected);
    expect(execute(answer(400, exists))).toEqual(expected);
    expect(execute(answer(400, { ...exists, transactionId: 8 }))).toEqual({ ...expected, monoovaTransactionId: 8 });
    expect(execute(answer(500, exists))).toEqual(expected);
  });
});

describe('a payment that Monoova refused', () => {
  it.each([...DECLINE_CODES])('is declined: %s', (status) => {
    expect(execute(answer(400, { status, transactionId: 0 }))).toEqual({
      kind: 'declined',
      code: status,
      detail: status,
    });
    expect(execute(answer(400, { status })), 'without the 0').toMatchObject({ kind: 'unanswered' });
    expect(execute(answer(400, { status, transactionId: null }))).toMatchObject({ kind: 'unanswered' });
  });

  it('keeps what is known of the payee out of the words', () => {
    const said = "Account Number '5665333334983' of Jane CITIZEN is not a valid bank account number.";
    const refused = { status: 'ValidationFailed', statusDescription: said, transactionId: 0 };
    expect(execute(answer(400, refused), ['5665333334983', 'Jane Citizen'])).toHaveProperty(
      'detail',
      "Account Number '***' of *** is not a valid bank account number.",
    );
  });

  it.each([1, 7_000_000, '12', 'monoova-789'])(
    'is not declined where the refusal names transaction %j',
    (transactionId) => {
      const contradiction = { status: 'InvalidTotalAmount', transactionId };
      expect(execute(answer(400, contradiction))).toMatchObject({ kind: 'unanswered' });
    },
  );

  it.each([302, 408, 409, 500, 502, 503])('is not declined by HTTP %i, whatever the code', (status) => {
    expect(execute(answer(status, { status: 'InvalidTotalAmount', transactionId: 0 }))).toMatchObject({
      kind: 'unanswered',
      detail: `HTTP ${status}, InvalidTotalAmount`,
    });
  });

  it.each(['Error', 'Exception', 'InsufficientFunds', 'UniqueIdNotFound', 'ok', 'OK'])(
    'is open where the code is not on the list: %s',
    (status) => {
      expect(execute(answer(400, { status, transactionId: 0 }))).toMatchObject({ kind: 'unanswered' });
    },
  );
});

describe('credentials that Monoova refuses', () => {
  it.each([200, 400, 401, 403, 429])('are told by the body before HTTP %i', (status) => {
    for (const code of CREDENTIALS_CODES) {
      expect(execute(answer(status, { status: code }))).toEqual({ kind: 'credentials-refused', code });
      expect(lookUp(answer(status, { status: code }))).toEqual({ kind: 'credentials-refused', code });
    }
  });

  it.each([500, 503])('prove nothing of a POST where the server fails: HTTP %i', (status) => {
    for (const code of CREDENTIALS_CODES) {
      const doubted = { kind: 'unanswered', isKeyDoubted: true, isLineLost: true };
      expect(execute(answer(status, { status: code }))).toMatchObject(doubted);
      expect(lookUp(answer(status, { status: code }))).toEqual({ kind: 'credentials-refused', code });
    }
  });

  it.each([401, 403])(
    'are only suspected of HTTP %i where the body does not name them: a POST may have passed',
    (status) => {
      const suspected = { kind: 'unanswered', isKeyDoubted: true };
      for (const body of ['<html>', {}, { status: 'Exception' }, { status: 'Ok', transactionId: 7 }]) {
        expect(execute(answer(status, body))).toMatchObject(suspected);
      }
      const refused = { kind: 'credentials-refused', code: `HTTP ${status}`, isKeyDoubted: true };
      expect(lookUp(answer(status, ''))).toEqual(refused);
      expect(lookUp(answer(status, {}))).toEqual(refused);
    },
  );
});

describe('a look-up that contradicts itself', () => {
  it.each([
    { status: 'Exception', transactionStatus: 'Rejected' },
    { status: 'Error', transactionStatus: 'Complete' },
    { status: 'UniqueIdNotFound', transactionStatus: 'Complete' },
  ])('proves nothing: %j', (body) => {
    expect(lookUp(answer(200, body))).toMatchObject({ kind: 'unknown' });
  });
});

describe('a Monoova that is busy', () => {
  it.each([{ status: 'Ok', transactionId: 7 }, { status: 'Exception' }])(
    'is believed only where the body does not say otherwise: %j',
    (body) => {
      expect(execute(answer(429, body))).toMatchObject({ kind: 'unanswered' });
    },
  );

  it.each([
    ['3', { kind: 'throttled', retryAfterSeconds: 3 }],
    ['99999', { kind: 'throttled', retryAfterSeconds: 3_600 }],
    ['Wed, 21 Oct 2026 07:28:00 GMT', { kind: 'throttled', retryAfterSeconds: 90 }],
    ['Wed, 21 Oct 2026 07:00:00 GMT', { kind: 'throttled' }],
    ['2026-10-21T07:28:00Z', { kind: 'throttled' }],
    ['-1', { kind: 'throttled' }],
  ])('takes nothing, and may say for how long (%s)', (retryAfter, expected) => {
    const date = 'Wed, 21 Oct 2026 07:26:30 GMT';
    expect(execute(answer(429, '', { 'retry-after': retryAfter, date }))).toEqual(expected);
  });

  it('says nothing by a date alone, whose clock is not known', () => {
    const retryAfter = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
    expect(execute(answer(429, '', retryAfter))).toEqual({ kind: 'throttled' });
  });

  it('says nothing about a payment that is looked up', () => {
    expect(execute(answer(429, {}))).toEqual({ kind: 'throttled' });
    expect(lookUp(answer(429, {}))).toEqual({ kind: 'unknown', detail: 'HTTP 429, no code', isLineLost: true });
  });
});

describe('the line to Monoova', () => {
  it.each([
    ['a timeout', { kind: 'failure', phase: 'sent', code: 'TIMEOUT' } as const],
    ['a server that fails, in its own words', answer(500, { status: 'Exception', transactionId: 0 })],
    ['a server that fails without words', answer(503, '<h1>503</h1>')],
    ['an answer that cannot be read', answer(200, '{"status":')],
    ['an answer about another reference', answer(200, { ...OK, callerUniqueReference: OTHER })],
  ])('has lost a POST by %s', (_, outcome) => {
    expect(execute(outcome)).toMatchObject({ kind: 'unanswered', isLineLost: true });
  });

  it.each([
    ['a code that is on no list', answer(400, { status: 'SomethingNobodyDocumented' })],
    ['an answer that contradicts itself', answer(400, { status: 'InvalidMAccount', transactionId: 7 })],
    ['a redirect in words', answer(302, OK)],
  ])('works where %s came back', (_, outcome) => {
    expect(execute(outcome)).not.toHaveProperty('isLineLost');
  });
});

describe('the line, asked by a look-up', () => {
  it.each([
    ['no answer', { kind: 'failure', phase: 'connecting', code: 'ECONNREFUSED' } as const],
    ['a server that fails', answer(500, { status: 'Exception' })],
    ['a server that fails, and says that it does not know the reference', answer(500, { status: 'UniqueIdNotFound' })],
    ['a page in the place of an answer', answer(200, '<html>')],
    ['a Monoova that is busy', answer(429, '')],
  ])('does not work where there is %s', (_, outcome) => {
    expect(lookUp(outcome)).toMatchObject({ kind: 'unknown', isLineLost: true });
  });

  it.each([
    ['a code that is on no list', answer(400, { status: 'SomethingNobodyDocumented' })],
    ['a 404 without words', answer(404, '')],
    ['a status that is on no list', answer(200, { status: 'Ok', transactionStatus: 'Dishonoured' })],
    ['a status that every object knows', answer(200, { status: 'Ok', transactionStatus: 'constructor' })],
  ])('works where there is %s', (_, outcome) => {
    expect(lookUp(outcome)).toMatchObject({ kind: 'unknown' });
    expect(lookUp(outcome)).not.toHaveProperty('isLineLost');
  });
});

describe('no answer', () => {
  it('proves that nothing was received only before the request has left', () => {
    const failure = { kind: 'failure', code: 'ECONNRESET' } as const;
    expect(execute({ ...failure, phase: 'connecting' })).toEqual({ kind: 'unreachable', detail: 'ECONNRESET' });
    const lost = { kind: 'unanswered', detail: 'ECONNRESET', isLineLost: true };
    expect(execute({ ...failure, phase: 'sent' })).toEqual(lost);
    const unheard = { kind: 'unknown', detail: 'ECONNRESET', isLineLost: true };
    expect(lookUp({ ...failure, phase: 'connecting' })).toEqual(unheard);
  });

  it.each(['', 'null', '[]', '"Ok"', '{', '<html>502</html>', '{"status":"Ok"'])('is all that %j is', (body) => {
    expect(execute(answer(200, body))).toMatchObject({ kind: 'unanswered' });
    expect(lookUp(answer(200, body))).toMatchObject({ kind: 'unknown' });
  });

  it('is what an answer about another reference is', () => {
    expect(execute(answer(200, { ...OK, callerUniqueReference: OTHER }))).toMatchObject({ kind: 'unanswered' });
    const other = { transactionStatus: 'Complete', uniqueReference: OTHER };
    expect(lookUp(answer(200, other))).toMatchObject({ kind: 'unknown' });
  });

  it('never repeats what stands in the place of a code', () => {
    const status = 'account 062-205 123456789 jane@example.com';
    expect(execute(answer(400, { status }))).toEqual({ kind: 'unanswered', detail: 'HTTP 400, no code' });
  });

  it('is what anything unlisted is: no body and no status but the listed ones speaks for or against a payment', () => {
    const status = fc.integer({ min: 100, max: 599 }).filter((code) => ![401, 403, 429].includes(code));
    fc.assert(
      fc.property(status, fc.json(), (code, body) => {
        expect(execute(answer(code, body)).kind).toBe('unanswered');
        expect(lookUp(answer(code, body)).kind).toBe('unknown');
      }),
    );
  });
});

describe('a look-up', () => {
  const found = (transactionStatus: unknown) =>
    answer(200, { status: 'Ok', transactionStatus, uniqueReference: REFERENCE, completedDate: null });

  it.each([
    ['Complete', 'completed'],
    ['Rejected', 'rejected'],
    ['Pending', 'pending'],
    ['WaitingOnClearedFunds', 'pending'],
    ['Dishonoured', 'unknown'],
    ['SomethingNew', 'unknown'],
  ])('takes %s for %s', (transactionStatus, kind) => {
    expect(lookUp(found(transactionStatus))).toEqual({ kind, detail: transactionStatus });
  });

  it.each([null, 5, 'completed, probably'])('learns nothing from %j', (transactionStatus) => {
    expect(lookUp(found(transactionStatus))).toEqual({ kind: 'unknown', detail: 'HTTP 200, Ok' });
  });

  it.each([200, 400, 404])('finds nothing where the code says so (HTTP %i)', (status) => {
    expect(lookUp(answer(status, { status: 'UniqueIdNotFound' }))).toEqual({ kind: 'not-found' });
  });

  it('does not take a missing page or a failing server for a missing payment', () => {
    expect(lookUp(answer(404, '<html>'))).toMatchObject({ kind: 'unknown' });
    expect(lookUp(answer(404, { status: 'NotFound' }))).toMatchObject({ kind: 'unknown' });
    expect(lookUp(answer(500, { status: 'UniqueIdNotFound' }))).toMatchObject({ kind: 'unknown' });
  });

  it('believes a status only from a successful answer', () => {
    expect(lookUp(answer(500, { transactionStatus: 'Complete' }))).toMatchObject({ kind: 'unknown' });
    expect(lookUp(answer(302, { transactionStatus: 'Rejected' }))).toMatchObject({ kind: 'unknown' });
  });
});
