import { afterEach, describe, expect, it } from 'vitest';
import { ShiftableClock } from '../../local/clock.ts';

const clocks: ShiftableClock[] = [];

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

function newClock(): ShiftableClock {
  const clock = new ShiftableClock();
  clocks.push(clock);
  return clock;
}

const fired = (clock: ShiftableClock, delayMs: number) => new Promise<void>((done) => clock.after(delayMs, done));

describe('a clock in real time', () => {
  it('fires an earlier timer that was asked for after a later one', async () => {
    const clock = newClock();
    const order: string[] = [];
    clock.after(60, () => order.push('late'));
    clock.after(10, () => order.push('early'));

    await fired(clock, 80);

    expect(order).toEqual(['early', 'late']);
  });

  it('fires what is left when the one it would have woken for was taken back', async () => {
    const clock = newClock();
    const taken = clock.after(5, () => expect.unreachable());
    const left = fired(clock, 20);

    taken();

    await left;
  });

  it('fires what is asked for while it fires', async () => {
    const clock = newClock();

    await new Promise<void>((done) => clock.after(5, () => clock.after(5, done)));
  });

  it('fires at the right moment after time was moved on', async () => {
    const clock = newClock();
    const startedAtMs = performance.now();
    const late = fired(clock, 60_030);

    await clock.advance(60_000);
    await late;

    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});
