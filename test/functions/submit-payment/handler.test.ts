import { describe, expect, it } from 'vitest';
import { NO_CONTROLS } from '../../../domain/controls.ts';
import {
  ConfigurationError,
  DestinationUnusableError,
  MonoovaThrottledError,
  MonoovaUnreachableError,
  PayoutNotFoundError,
} from '../../../domain/errors.ts';
import type { Payout } from '../../../domain/payout.ts';
import type { ResubmissionPolicy } from '../../../domain/submission-rule.ts';
import type { ExecuteResult } from '../../../functions/shared/ports.ts';
import { settle } from '../../../functions/shared/settle.ts';
import { createHandler } from '../../../functions/submit-payment/handler.ts';
import { aFact, aPayout, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld, DESTINATION, KEY } from '../../fakes/world.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const EVENT = { transaction_id: TRANSACTION_ID, deadline: '2026-11-23T00:00:16.000Z' };
const LATER = { ...EVENT, deadline: '2026-11-24T00:00:16.000Z' };

function open(payout: Payout = aPayout(), policy = NEVER) {
  const world = createWorld(payout);
  const submit = createHandler({ ...world.deps, policy, postTimeoutMs: 5000 });
  return { ...world, submit: (attempt = 'attempt-1', event: unknown = EVENT) => submit(event, attempt) };
}

type World = ReturnType<typeof open>;
let others = 0;

/** Submits one more payout of the same world, in an invocation of its own. An error is as good as a Pending here. */
async function submitAnother(world: World, ...says: ExecuteResult[]) {
  others += 1;
  const { deps, store, monoova } = world;
  const transaction_id = `${TRANSACTION_ID}-${others}`;
  store.add(aPayout({ transaction_id }));
  monoova.answersPost(...says);
  const submit = createHandler({ ...deps, policy: NEVER, postTimeoutMs: 5000 });
  const deadline = new Date(deps.nowMs() + 15_000).toISOString();
  return submit({ transaction_id, deadline }, `another-${others}`).catch((error: Error) => error.name);
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

  it.each([
    ['pending', { kind: 'pending', detail: 'Pending' }, 0],
    ['no answer', { kind: 'unknown', detail: 'HTTP 503' }, 0],
    ['not found', { kind: 'not-found' }, 1],
  ] as const)('looks up first, after a restore, what the record says was never sent: %s', async (_what, says, sent) => {
    const world = open();
    world.controls.set({ records_doubted_until: '2026-12-24T00:00:00.000Z' });
    world.monoova.answersLookUp(says);
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(world.monoova.sent).toHaveLength(sent);
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
    world.monoova.execute = async (...call) => {
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
    world.monoova.execute = async (instruction, notAfterMs) => {
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

    world.monoova.answersLookUp({ kind: 'unknown', detail: 'ECONNREFUSED', isLineLost: true });
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

  describe('told to wait', () => {
    it('waits a short while itself and asks to be repeated, having taken its POST back', async () => {
      const world = open();
      world.monoova.answersPost({ kind: 'throttled', retryAfterSeconds: 3 });
      await expect(world.submit()).rejects.toMatchObject({ name: 'MonoovaThrottledError' });
      expect(world.waited).toEqual([3000]);
      expect(await recorded(world)).toMatchObject({ posts: 0 });
      expect(await world.controls.read()).toEqual(NO_CONTROLS);
    });

    it('does not wait where nothing could begin afterwards', async () => {
      const world = open();
      world.passMs(7_000);
      world.monoova.answersPost({ kind: 'throttled', retryAfterSeconds: 2 });
      await expect(world.submit()).rejects.toThrow(MonoovaThrottledError);
      expect(world.waited).toEqual([]);
    });

    it('asks to be repeated at once where Monoova does not say for how long', async () => {
      const world = open();
      world.monoova.answersPost({ kind: 'throttled' });
      await expect(world.submit()).rejects.toThrow(MonoovaThrottledError);
      expect(world.waited).toEqual([0]);
    });

    it('for long opens the breaker for everybody until then, and answers at once', async () => {
      const world = open();
      world.monoova.answersPost({ kind: 'throttled', retryAfterSeconds: 600 });
      expect(await world.submit()).toEqual({ status: 'Pending', held: 'breaker' });
      expect(world.waited).toEqual([]);
      expect(await world.controls.read()).toMatchObject({
        open_until: '2026-11-23T00:10:01.000Z',
        open_reason: 'HTTP 429, Retry-After 600 s',
      });
      expect(await recorded(world)).toMatchObject({ posts: 0 });
      expect(world.counted).toContain('BreakerOpened');
    });
  });

  it('takes refused credentials neither for a decline nor for a reason to try again: nobody shows the key again', async () => {
    const world = open();
    world.monoova.answersPost({ kind: 'credentials-refused', code: 'MerchantFailedToLogin' });
    expect(await world.submit()).toEqual({ status: 'Pending', held: 'credentials' });
    expect(await recorded(world)).toMatchObject({ posts: 0 });
    expect(world.counted).toContain('MonoovaCredentialsRefused');
    expect(await world.controls.read()).toMatchObject({ refused_key: KEY, refused_reason: 'MerchantFailedToLogin' });

    world.passMs(86_400_000);
    expect(await world.submit('attempt-2', LATER)).toEqual({ status: 'Pending', held: 'credentials' });
    expect(world.monoova.sent).toHaveLength(1);
    expect(world.monoova.lookedUp).toEqual([]);
  });

  describe('held back', () => {
    it.each([
      ['a pause', { paused_by: 'me', paused_at: '2026-11-23T00:00:00.000Z', pause_reason: 'drill' }, 'paused'],
      ['an open breaker', { open_until: '2026-11-23T00:00:30.000Z' }, 'breaker'],
      [
        "somebody else's probe",
        { open_until: '2026-11-23T00:00:00.000Z', probe_by: 'another', probe_until: '2026-11-23T00:00:20.000Z' },
        'breaker',
      ],
      ['a refused key', { refused_key: KEY }, 'credentials'],
    ] as const)('by %s posts nothing, writes nothing and answers at once', async (_, controls, held) => {
      const world = open();
      world.controls.set(controls);
      const { connect } = world.monoova;
      let secretsRead = 0;
      world.monoova.connect = (options) => {
        secretsRead += 1;
        return connect(options);
      };
      expect(await world.submit()).toEqual({ status: 'Pending', held });
      // Only a key has to be read to know that it is refused: from the cache, and afresh.
      expect(secretsRead).toBe(held === 'credentials' ? 2 : 0);
      expect(await recorded(world)).toEqual(aPayout());
      expect(world.controls.counts).toEqual({ reads: 1, writes: 0 });
      expect(world.monoova.sent).toEqual([]);
      expect(world.counted).toEqual(['SubmissionHeld']);
    });

    it('says nothing of it for a payout that is final', async () => {
      const world = open(aPayout({ status: 'Completed' }));
      world.controls.set({ paused_at: '2026-11-23T00:00:00.000Z' });
      expect(await world.submit()).toEqual({ status: 'Completed' });
    });

    it('lets go the one POST whose controls were read before the pause', async () => {
      const world = open();
      const { raiseFence } = world.store;
      world.store.raiseFence = (...write) => {
        world.controls.set({ paused_at: '2026-11-23T00:00:00.000Z' });
        return raiseFence(...write);
      };
      world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
      expect(await world.submit()).toEqual({ status: 'Pending' });
      expect(world.monoova.sent).toHaveLength(1);
    });
  });

  describe('the breaker', () => {
    const lost = { kind: 'unanswered', detail: 'TIMEOUT', isLineLost: true } as const;

    it('is read once and never written while all is well', async () => {
      const world = open();
      world.monoova.answersPost({ kind: 'accepted', code: 'Ok' });
      world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
      await world.submit();
      expect(world.controls.counts).toEqual({ reads: 1, writes: 0 });
    });

    it.each([
      ['unreachable', { kind: 'unreachable', detail: 'ECONNREFUSED' }],
      ['lost', lost],
    ] as const)('opens when the line was %s five times in a row', async (_, result) => {
      const world = open();
      for (let call = 1; call <= 5; call++) await submitAnother(world, result);
      expect(world.monoova.sent).toHaveLength(5);
      expect(await submitAnother(world, result)).toEqual({ status: 'Pending', held: 'breaker' });
      expect(world.monoova.sent).toHaveLength(5);
      expect(world.counted.filter((name) => name === 'BreakerOpened')).toHaveLength(1);
    });

    it.each([
      ['declines', { kind: 'declined', code: 'InvalidMAccount', detail: '' }],
      ['answers that nobody knows', { kind: 'unanswered', detail: 'HTTP 400, SomethingNew' }],
      ['short rests', { kind: 'throttled', retryAfterSeconds: 1 }],
    ] as const)('stays closed whatever the number of %s', async (_, result) => {
      const world = open();
      for (let call = 1; call <= 10; call++) await submitAnother(world, result);
      expect(world.monoova.sent).toHaveLength(10);
    });

    it('forgets failures at the first POST that goes through', async () => {
      const world = open();
      for (let call = 1; call <= 4; call++) await submitAnother(world, lost);
      await submitAnother(world, { kind: 'accepted', code: 'Pending' });
      expect(await world.controls.read()).not.toHaveProperty('failures');
      await submitAnother(world, lost);
      expect(await world.controls.read()).toMatchObject({ failures: 1 });
    });

    it('lets one of many probe when its time is over, and all when that went through', async () => {
      const world = open();
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z', openings: 3 });
      const { execute } = world.monoova;
      let others: unknown[] = [];
      world.monoova.execute = async (...call) => {
        others = await Promise.all([submitAnother(world), submitAnother(world)]);
        return execute(...call);
      };
      world.monoova.answersLookUp({ kind: 'not-found' });
      world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
      expect(await world.submit()).toEqual({ status: 'Pending' });
      expect(others).toEqual(others.map(() => ({ status: 'Pending', held: 'breaker' })));
      expect(world.monoova.sent).toHaveLength(1);
      expect(await world.controls.read()).toEqual({
        ...NO_CONTROLS,
        revision: expect.any(Number),
        changed_by: 'attempt-1',
      });
    });

    it('opens again, for longer, when the probe fails', async () => {
      const world = open();
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z', openings: 1 });
      world.monoova.answersLookUp({ kind: 'not-found' });
      world.monoova.answersPost(lost);
      await world.submit();
      expect(await world.controls.read()).toMatchObject({ openings: 2, open_until: '2026-11-23T00:01:01.000Z' });
      expect(await world.controls.read()).not.toHaveProperty('probe_by');
    });

    it('asks before it pays where it is half open: an outage that lasts leaves no payout in doubt', async () => {
      const world = open();
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z', openings: 1 });
      world.monoova.answersLookUp({ kind: 'unknown', detail: 'HTTP 503, not readable', isLineLost: true });
      expect(await world.submit()).toEqual({ status: 'Pending', held: 'breaker' });
      expect(world.monoova.sent).toEqual([]);
      expect(await recorded(world)).toMatchObject({ posts: 0, revision: 1 });
      expect(await world.controls.read()).toMatchObject({
        openings: 2,
        open_until: '2026-11-23T00:01:01.000Z',
        open_reason: 'HTTP 503, not readable',
      });
    });

    it('takes what Monoova knows of it for true, though nothing was ever sent by this record', async () => {
      const world = open();
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z' });
      world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
      expect(await world.submit()).toEqual({ status: 'Completed' });
      expect(world.monoova.sent).toEqual([]);
    });

    it('takes the probe over from an attempt that died', async () => {
      const world = open();
      const dead = { probe_by: 'dead', probe_until: '2026-11-23T00:00:00.500Z' };
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z', ...dead });
      world.monoova.answersLookUp({ kind: 'not-found' });
      world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
      expect(await world.submit()).toEqual({ status: 'Pending' });
      expect(world.monoova.sent).toHaveLength(1);
    });

    it('gets its probe back where nothing was to be sent', async () => {
      const world = open(aPayout({ received: true, posts: 1 }));
      world.controls.set({ open_until: '2026-11-23T00:00:00.000Z' });
      world.monoova.answersLookUp({ kind: 'pending', detail: 'Pending' });
      expect(await world.submit()).toEqual({ status: 'Pending' });
      expect(await world.controls.read()).not.toHaveProperty('probe_by');
      expect(await world.controls.read()).toMatchObject({ open_until: '2026-11-23T00:00:00.000Z' });
    });

    it('costs no payout its outcome when it cannot be written', async () => {
      const world = open();
      world.controls.replace = () => Promise.reject(new Error('TimeoutError'));
      world.monoova.answersPost(lost);
      expect(await world.submit()).toEqual({ status: 'Pending' });
      expect(await recorded(world)).toMatchObject({ posts: 1, history: [{ kind: 'unanswered' }] });
      expect(world.lines.some((line) => line.includes('could not be written'))).toBe(true);
    });

    it('counts a failure once, also where the answer to its write was lost', async () => {
      const world = open();
      const { replace } = world.controls;
      world.controls.replace = async (...write) => {
        await replace(...write);
        return false;
      };
      world.monoova.answersPost(lost);
      await world.submit();
      expect(await world.controls.read()).toMatchObject({ failures: 1 });
    });

    it('counts each of many failures at once', async () => {
      const world = open();
      world.monoova.answersPost(lost, lost, lost);
      await Promise.all([submitAnother(world), submitAnother(world), submitAnother(world)]);
      expect(await world.controls.read()).toMatchObject({ failures: 3 });
    });
  });

  describe('a key in the place of a refused one', () => {
    const NEW = '0123456789abcdef';

    it('is read afresh, shown by one, and then by everybody', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY });
      world.monoova.keys.fresh = NEW;
      const { execute } = world.monoova;
      world.monoova.execute = async (...call) => {
        expect(await submitAnother(world)).toEqual({ status: 'Pending', held: 'credentials' });
        return execute(...call);
      };
      world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
      expect(await world.submit()).toEqual({ status: 'Pending' });
      world.monoova.execute = execute;
      world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
      expect(await submitAnother(world)).toEqual({ status: 'Pending' });
      expect(await world.controls.read()).toMatchObject({ refused_key: KEY, proven_key: NEW });
    });

    it('is stopped as well when it is refused, with one showing', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY });
      world.monoova.keys = { cached: NEW, fresh: NEW };
      world.monoova.answersPost({ kind: 'credentials-refused', code: 'MerchantFailedToLogin' });
      expect(await world.submit()).toEqual({ status: 'Pending', held: 'credentials' });
      expect(await submitAnother(world)).toEqual({ status: 'Pending', held: 'credentials' });
      expect(world.monoova.sent).toHaveLength(1);
      expect(await world.controls.read()).toMatchObject({ refused_key: NEW });
    });

    it('is no old one out of a cache: that is not shown again', async () => {
      const world = open();
      world.controls.set({ refused_key: NEW });
      world.monoova.keys = { cached: KEY, fresh: NEW };
      expect(await world.submit()).toEqual({ status: 'Pending', held: 'credentials' });
      expect(world.monoova.sent).toEqual([]);
    });
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
    world.monoova.connect = () => Promise.reject(new ConfigurationError('The secret cannot be read.'));
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
    expect(await world.controls.read()).toMatchObject({
      refused_key: KEY,
      refused_until: '2026-11-23T00:15:01.000Z',
    });
  });

  it('shows a doubted key again when it has rested, and forgives it when it works', async () => {
    const world = open();
    world.controls.set({ refused_key: KEY, refused_until: '2026-11-23T00:00:00.000Z', doubts: 2 });
    world.monoova.answersPost({ kind: 'accepted', code: 'Pending' });
    expect(await world.submit()).toEqual({ status: 'Pending' });
    expect(await world.controls.read()).toEqual({ revision: 3, changed_by: 'attempt-1' });
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

  it.each([
    ['that may have arrived', aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z' })],
    ['that was proven unreceived', aPayout({ posts: 0, last_posted_at: '2026-11-22T00:00:00.000Z' })],
  ])('does not send a payout again %s when the look-up says that the key is refused', async (_, payout) => {
    const world = open(payout, QUIET);
    world.monoova.answersLookUp({ kind: 'credentials-refused', code: 'MerchantLockedOut' });
    expect(await world.submit()).toEqual({ status: 'Pending', held: 'credentials' });
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
