import { describe, expect, it, test } from 'vitest';
import { addDays, countDays, endOfDayMs, isDay, momentOfSydney, sydneyDayOf } from '../../domain/sydney-day.ts';

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

test.each(['2026-11-23', '2024-02-29'])('knows %s for a day', (text) => expect(isDay(text)).toBe(true));
test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '20261123', '2026-11-23T00:00:00', ''])(
  'knows %j for none',
  (text) => expect(isDay(text)).toBe(false),
);

test('counts days over the ends of months, years and summers', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  expect(addDays('2026-04-05', 1)).toBe('2026-04-06');
  expect(countDays('2026-11-23', '2026-11-23')).toBe(1);
  expect(countDays('2026-10-03', '2026-10-05')).toBe(3);
  expect(countDays('2026-11-23', '2026-11-22')).toBe(0);
});

test.each([
  ['in summer', '2026-01-15T12:00:00', '2026-01-15T01:00:00.000Z'],
  ['in winter', '2026-07-15T12:00:00', '2026-07-15T02:00:00.000Z'],
  ['midnight', '2026-01-16T00:00:00', '2026-01-15T13:00:00.000Z'],
  ['the earlier of two, as the clocks go back', '2026-04-05T02:30:00', '2026-04-04T15:30:00.000Z'],
])('finds the moment of a time in Sydney: %s', (_what, localTime, moment) => {
  expect(new Date(momentOfSydney(localTime) ?? Number.NaN).toISOString()).toBe(moment);
});

// The first is what .NET calls no date at all.
test.each(['0001-01-01T00:00:00', '2026-10-04T02:30:00', '2026-02-30T00:00:00', '2026-01-15', 'then'])(
  'knows that clocks in Sydney never showed %s',
  (text) => expect(momentOfSydney(text)).toBeUndefined(),
);

describe('the end of a day', () => {
  it.each([
    ['2026-11-23', '2026-11-23T13:00:00.000Z'],
    ['2026-07-01', '2026-07-01T14:00:00.000Z'],
    // Of 25 and of 23 hours.
    ['2026-04-05', '2026-04-05T14:00:00.000Z'],
    ['2026-10-04', '2026-10-04T13:00:00.000Z'],
    ['2026-12-31', '2026-12-31T13:00:00.000Z'],
  ])('%s is the first moment of the next', (day, moment) => {
    expect(new Date(endOfDayMs(day)).toISOString()).toBe(moment);
    expect(sydneyDayOf(endOfDayMs(day) - 1)).toBe(day);
    expect(sydneyDayOf(endOfDayMs(day))).toBe(addDays(day, 1));
  });
});
