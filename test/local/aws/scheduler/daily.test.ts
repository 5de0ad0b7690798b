import { describe, expect, it } from 'vitest';
import { nextTime, parseDaily } from '../../../../local/aws/scheduler/daily.ts';

const next = (expression: string, timeZone: string, after: string) =>
  new Date(nextTime(parseDaily('Daily', expression, timeZone), Date.parse(after))).toISOString();

describe('a schedule of every day', () => {
  it.each([
    ['later today', '2026-11-22T18:00:00.000Z', '2026-11-22T18:30:00.000Z'],
    ['tomorrow, where it is that time now', '2026-11-22T18:30:00.000Z', '2026-11-23T18:30:00.000Z'],
    ['in winter', '2026-07-01T00:00:00.000Z', '2026-07-01T19:30:00.000Z'],
    ['over the night in which the clocks go forward', '2026-10-03T10:00:00.000Z', '2026-10-03T18:30:00.000Z'],
    ['over the night in which they go back', '2026-04-04T10:00:00.000Z', '2026-04-04T19:30:00.000Z'],
    ['over the end of a year', '2026-12-31T18:30:00.001Z', '2027-01-01T18:30:00.000Z'],
  ])('at half past five in Sydney comes %s', (_what, after, expected) => {
    expect(next('cron(30 5 * * ? *)', 'Australia/Sydney', after)).toBe(expected);
  });

  it('is left out on the day that skips its time', () => {
    // On 4 October 2026 Sydney's clocks go from 2:00 to 3:00.
    expect(next('cron(30 2 * * ? *)', 'Australia/Sydney', '2026-10-03T10:00:00.000Z')).toBe('2026-10-04T15:30:00.000Z');
  });

  it('may be written with the day of the week first, and in UTC', () => {
    expect(next('cron(0 0 ? * * *)', 'UTC', '2026-11-22T18:00:00.500Z')).toBe('2026-11-23T00:00:00.000Z');
  });

  it.each(['rate(1 day)', 'cron(0 5 1 * ? *)', 'cron(0/5 * * * ? *)', 'cron(60 5 * * ? *)', 'cron(0 24 * * ? *)', ''])(
    'is not %j, which is refused by name',
    (expression) => {
      expect(() => parseDaily('Daily', expression, 'UTC')).toThrow('Daily: of schedules only');
    },
  );

  it('needs a time zone that there is', () => {
    expect(() => parseDaily('Daily', 'cron(0 5 * * ? *)', 'Australia/Atlantis')).toThrow('no time zone');
  });
});
