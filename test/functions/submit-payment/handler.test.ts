import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  DestinationUnusableError,
  MonoovaThrottledError,
  MonoovaUnreachableError,
  PayoutNotFoundError,
} from '../../../domain/errors.ts';
import type { Payout } from '../../../domain/payout.ts';
import type { ResubmissionPolicy } from '../../../domain/submission-rule.ts';
import { settle } from '../../../functions/shared/settle.ts';
import { createHandler } from '../../../functions/submit-payment/handler.ts';
import { aFact, aPayout, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld, DESTINATION } from '../../fakes/world.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const EVENT = { transaction_id: TRANSACTION_ID, deadline: '2026-11-23T00:00:16.000Z' };

function open(payout: Payout = aPayout(), policy = NEVER) {
  const world = createWorld(payout);
  const submit = createHandler({ ...world.deps, policy, postTimeoutMs: 5000 });
  return { ...world, submit: (attempt = 'attempt-1', event: unknown = EVENT) => submit(event, attempt) };
}

const recorded = async (world: { store: { read(id: string): Promise<Payout | undefined> } }) =>
  world.store.read(TRANSACTION_ID);

describe('SubmitPayment', () => {
  it('sends the payout once, with its own reference, and writes what it learnt', async () => {
    const world = open(aPayout({ description: 'wages' }));
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending', monoovaTransactionId: 1022 });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toEqual([
      { uniqueReference: REFERENCE, amountCents: 12_345, destination: DESTINATION, description: 'wages' },
    ]);
    expect(await recorded(world)).toMatchObject({ posts: 1, monoova_transaction_id: 1022, status: 'Pending' });
    expect(world.counted).toContain('PayoutSubmitted');
  });

  it('reads the record once: its own fact goes over what its fence wrote, and a look-up after Ok over that', async () => {
    const world = open();
    const { read } = world.store;
    let reads = 0;
    world.store.read = (transactionId) => {
      reads += 1;
      return read(transactionId);
    };
    world.monoova.answersPost({ kind: 'accepted', code: 'Ok' });
    world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
    expect(await world.submit()).toEqual({ status: 'Completed' });
    expect(reads).toBe(1);
    world.store.read = read;
    expect((await recorded(world))?.history.map(({ kind }) => kind)).toEqual(['accepted', 'completed']);
  });

  it('loses no fact that came between its fence and its own', async () => {
    const world = open();
    const { execute } = world.monoova;
    world.deps.monoova.execute = async (...call) => {
      await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'completed' }));
      return execute(...call);
    };
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    expect(await createHandler({ ...world.deps, policy: NEVER, postTimeoutMs: 5000 })(EVENT, 'attempt-1')).toEqual({
      status: 'Completed',
    });
    expect((await recorded(world))?.history.map(({ kind }) => kind)).toEqual(['completed', 'accepted']);
  });

  it('counts the POST and raises the fence before it posts', async () => {
    const world = open();
    const { execute } = world.monoova;
    world.deps.monoova.execute = async (instruction, notAfterMs) => {
      expect(await recorded(world)).toMatchObject({
        posts: 1,
        posting_by: 'attempt-1',
        posting_until: '2026-11-23T00:00:21.000Z',
      });
      expect(notAfterMs).toBe(Date.parse('2026-11-23T00:00:10.000Z'));
      return execute(instruction, notAfterMs);
    };
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    await createHandler({ ...world.deps, policy: NEVER, postTimeoutMs: 5000 })(EVENT, 'attempt-1');
    expect(world.monoova.sent).toHaveLength(1);
  });

  it('looks the reference up once after Ok, and completes only on what that says', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'accepted', code: 'Ok' });
    world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
    expect(await world.submit()).toEqual({ status: 'Completed' });
    expect(world.monoova.lookedUp).toEqual([REFERENCE]);
  });

  it('leaves the payout Pending when the look-up after Ok says nothing', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'accepted', code: 'Ok' });
    world.monoova.answersLookUp({ kind: 'unknown', detail: 'HTTP 500' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
  });

  it('takes a refused repeat for received, and looks it up', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'already-received', code: 'UniqueReferenceExists', monoovaTransactionId: 1022 });
    world.monoova.answersLookUp({ kind: 'pending', detail: 'Pending' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ monoova_transaction_id: 1022, posts: 1 });
  });

  it('fails a payout that Monoova declines', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'declined', code: 'InvalidMAccount', detail: 'no such account' });
    expect(await world.submit()).toEqual({ status: 'Failed' });
    expect(await recorded(world)).toMatchObject({
      posts: 0,
      history: [{ kind: 'declined', detail: 'InvalidMAccount' }],
    });
    expect(world.counted).toEqual(expect.arrayContaining(['PayoutDeclined', 'PayoutFailed']));
  });

  it('does not fail a payout on a decline while an earlier POST may have arrived', async () => {
    const notFounds = ['02', '03', '04'].map((minute) =>
      aFact({ kind: 'not-found', source: 'status', observed_at: `2026-11-22T00:${minute}:00.000Z` }),
    );
    const world = open(aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z', history: notFounds }), QUIET);
    world.monoova.answersLookUp({ kind: 'not-found' });
    world.monoova.answersPost({ kind: 'declined', code: 'InvalidMAccount', detail: '' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ posts: 1 });
  });

  it.each([
    ['a timeout', 'timeout'],
    ['a reset', 'ECONNRESET'],
    ['a 500', 'HTTP 500'],
  ])('takes %s for unknown: the POST stays counted and nobody sends again', async (_, detail) => {
    const world = open();
    world.monoova.answersPost({ kind: 'unanswered', detail });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ posts: 1, status: 'Pending' });

    world.passMs(3_600_000);
    world.monoova.answersLookUp({ kind: 'not-found' });
    await world.submit('attempt-2', { ...EVENT, deadline: '2026-11-24T00:00:00.000Z' });
    expect(world.monoova.sent).toHaveLength(1);
    expect(world.monoova.lookedUp).toEqual([REFERENCE]);
  });

  it('opens the fence and asks to be retried when nothing was received', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'unreachable', detail: 'ECONNREFUSED' });
    await expect(world.submit()).rejects.toThrow(MonoovaUnreachableError);
    const after = await recorded(world);
    expect(after).toMatchObject({ posts: 0, status: 'Pending' });
    expect(after).not.toHaveProperty('posting_until');

    world.monoova.answersLookUp({ kind: 'unknown', detail: 'ECONNREFUSED' });
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    expect(await world.submit('attempt-2')).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toHaveLength(2);
    expect(world.monoova.sent[1]?.uniqueReference).toBe(REFERENCE);
  });

  it('looks up even what was proven unreceived, before it sends again', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'throttled' });
    await expect(world.submit()).rejects.toThrow(MonoovaThrottledError);
    world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
    expect(await world.submit('attempt-2')).toEqual({ status: 'Completed' });
    expect(world.monoova.sent).toHaveLength(1);
  });

  it('passes on how long Monoova wants to be left alone', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'throttled', retryAfterSeconds: 7 });
    await expect(world.submit()).rejects.toMatchObject({ name: 'MonoovaThrottledError', retryAfterSeconds: 7 });
    world.monoova.answersLookUp({ kind: 'not-found' });
    world.monoova.answersPost({ kind: 'throttled' });
    await expect(world.submit('attempt-2')).rejects.toThrow(MonoovaThrottledError);
    expect(await recorded(world)).toMatchObject({ posts: 0 });
  });

  it('takes refused credentials neither for a decline nor for a reason to try again at once', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'credentials-refused', code: 'MerchantFailedToLogin' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ posts: 0 });
    expect(world.counted).toContain('MonoovaCredentialsRefused');
  });

  it('opens the fence when the secret is refused before anything is sent', async () => {
    const world = open();
    world.monoova.failsPost(new ConfigurationError('The API key is for production.'));
    await expect(world.submit()).rejects.toThrow(ConfigurationError);
    expect(await recorded(world)).toMatchObject({ posts: 0 });
  });

  it('keeps the fence when it cannot know what happened', async () => {
    const world = open();
    world.monoova.failsPost(new Error('a defect'));
    await expect(world.submit()).rejects.toThrow('a defect');
    expect(await recorded(world)).toMatchObject({ posts: 1, posting_by: 'attempt-1' });
  });

  it('lets one of two attempts at once post, and the other leave', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    await Promise.all([world.submit('attempt-1'), world.submit('attempt-2')]);
    expect(world.monoova.sent).toHaveLength(1);
    expect(await recorded(world)).toMatchObject({ posts: 1 });
  });

  it('begins nothing that could not end, with its fact, before the deadline', async () => {
    const world = open();
    world.passMs(9_000);
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toEqual([]);
    expect(await recorded(world)).toMatchObject({ posts: 0, revision: 1 });
  });

  it('takes its POST back when it was too late to begin once the fence stood', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'unsent', detail: 'past the deadline' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ posts: 0, history: [{ kind: 'unreceived' }] });
  });

  it('has the key in its hands before it raises the fence', async () => {
    const world = open();
    world.deps.monoova.prepare = () => Promise.reject(new ConfigurationError('The secret cannot be read.'));
    await expect(world.submit()).rejects.toThrow(ConfigurationError);
    expect(await recorded(world)).toMatchObject({ posts: 0, revision: 1 });
    expect(world.monoova.sent).toEqual([]);
  });

  it('does not count a POST that was never made because the write of the fence failed, also where it landed', async () => {
    const world = open();
    const { raiseFence } = world.store;
    world.store.raiseFence = async (...write) => {
      await raiseFence(...write);
      throw new Error('TimeoutError');
    };
    await expect(world.submit()).rejects.toThrow('TimeoutError');
    expect(await recorded(world)).toMatchObject({ posts: 0, status: 'Pending' });
  });

  it.each([
    { kind: 'unknown', detail: 'TIMEOUT' },
    { kind: 'pending', detail: 'Pending' },
  ] as const)('sends nothing again unless the look-up of this moment did not find it: %j', async (result) => {
    const notFounds = ['02', '03', '04'].map((minute) =>
      aFact({ kind: 'not-found', source: 'status', observed_at: `2026-11-22T00:${minute}:00.000Z` }),
    );
    const world = open(aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z', history: notFounds }), QUIET);
    world.monoova.answersLookUp(result);
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toEqual([]);
  });

  it('counts a doubted key, and takes the answer for no proof of anything', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'unanswered', detail: 'HTTP 403, not readable', isKeyDoubted: true });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await recorded(world)).toMatchObject({ posts: 1 });
    expect(world.counted).toEqual(expect.arrayContaining(['SubmissionUnanswered', 'MonoovaCredentialsRefused']));
  });

  it('leaves a payout alone that is final', async () => {
    const world = open(aPayout({ status: 'Completed' }));
    expect(await world.submit()).toEqual({ status: 'Completed' });
    expect(world.monoova.sent).toEqual([]);
    expect(world.monoova.lookedUp).toEqual([]);
  });

  it('takes the outcome from the look-up before it thinks of sending again', async () => {
    const world = open(aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z' }), QUIET);
    world.monoova.answersLookUp({ kind: 'rejected', detail: 'Rejected' });
    expect(await world.submit()).toEqual({ status: 'Rejected' });
    expect(world.monoova.sent).toEqual([]);
  });

  it('does not send again when the look-up says nothing', async () => {
    const world = open(aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z' }), QUIET);
    world.monoova.answersLookUp({ kind: 'credentials-refused', code: 'MerchantLockedOut' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toEqual([]);
  });

  it('sends nothing for a payout that is not recorded', async () => {
    const world = createWorld();
    const submit = createHandler({ ...world.deps, policy: NEVER, postTimeoutMs: 5000 });
    await expect(submit(EVENT, 'attempt-1')).rejects.toThrow(PayoutNotFoundError);
  });

  it('sends nothing when the destination cannot be decrypted or is gone', async () => {
    const broken = open(aPayout({ destination_ciphertext: 'broken' }));
    await expect(broken.submit()).rejects.toThrow(DestinationUnusableError);
    const { destination_ciphertext: _, ...bare } = aPayout();
    const gone = open(bare);
    await expect(gone.submit()).rejects.toThrow(DestinationUnusableError);
    for (const world of [broken, gone]) {
      expect(world.monoova.sent).toEqual([]);
      expect(await recorded(world)).toMatchObject({ posts: 0, revision: 1 });
    }
  });

  it('writes no destination into its log', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'declined', code: 'InvalidMAccount', detail: 'x' });
    await world.submit();
    expect(world.lines.join('\n')).not.toMatch(/jane|Citizen/i);
  });
});
