import { expect, it } from 'vitest';
import { within } from '../../../functions/shared/within.ts';

it('gives what comes in time', async () => {
  expect(await within(Promise.resolve({ done: true }), 1_000)).toEqual({ done: true });
});

it('gives nothing for what comes later, and does not care how that ends', async () => {
  let reject: (reason: Error) => void = () => {};
  const work = new Promise<object>((_resolve, fail) => {
    reject = fail;
  });
  expect(await within(work, 5)).toBeUndefined();
  reject(new Error('too late'));
  // An unhandled rejection would fail the run.
  await new Promise((done) => setTimeout(done, 5));
});

it('fails as the work fails', async () => {
  await expect(within(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
});
