import { expect, test } from 'vitest';
import { sydneyDayOf } from '../../domain/sydney-day.ts';

test.each([
  ['the last second of a winter day (UTC+10)', '2026-07-01T13:59:59.999Z', '2026-07-01'],
  ['the first of the next', '2026-07-01T14:00:00.000Z', '2026-07-02'],
  ['the last second of a summer day (UTC+11)', '2026-12-31T12:59:59.999Z', '2026-12-31'],
  ['the first of the next year', '2026-12-31T13:00:00.000Z', '2027-01-01'],
  ['a day of 25 hours: before the clocks go back', '2026-04-04T15:59:59.999Z', '2026-04-05'],
  ['a day of 25 hours: its end', '2026-04-05T13:59:59.999Z', '2026-04-05'],
])('tells the day in Sydney: %s', (_what, moment, day) => {
  expect(sydneyDayOf(Date.parse(moment))).toBe(day);
});
