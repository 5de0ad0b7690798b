import { UnsupportedResource } from '../resource-type.ts';

/** A time of day that a schedule fires at, every day, by the clocks of a time zone. */
export type DailyTime = { readonly hour: number; readonly minute: number; readonly timeZone: string };

/** `cron(minutes hours day-of-month month day-of-week year)`, of which only "every day" is run here. */
const EVERY_DAY = /^cron\((\d{1,2}) (\d{1,2}) (?:\* \* \?|\? \* \*) \*\)$/;
const DAY_MS = 86_400_000;
/** The time of today, tomorrow, or the day after where tomorrow's does not exist. */
const DAYS_LOOKED_AT = 3;

/**
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @throws {UnsupportedResource} for any other expression than a time of every day, and for an unknown time zone
 */
export function parseDaily(logicalId: string, expression: string, timeZone: string): DailyTime {
  const [, minute = '', hour = ''] = EVERY_DAY.exec(expression) ?? [];
  const daily = { hour: Number(hour), minute: Number(minute), timeZone };
  if (minute === '' || daily.hour > 23 || daily.minute > 59) {
    throw new UnsupportedResource(`${logicalId}: of schedules only cron(MINUTE HOUR * * ? *) is run here`);
  }
  formatOf(logicalId, timeZone);
  return daily;
}

function formatOf(logicalId: string, timeZone: string): Intl.DateTimeFormat {
  try {
    return wallClock(timeZone);
  } catch (cause) {
    throw new UnsupportedResource(`${logicalId}: ${timeZone} is no time zone that is known here`, { cause });
  }
}

/** The first moment after `afterMs` at which the clocks show that time. A time that a day skips is left out on that day. */
export function nextTime(daily: DailyTime, afterMs: number): number {
  const format = wallClock(daily.timeZone);
  for (let days = 0; days < DAYS_LOOKED_AT; days++) {
    const atMs = timeOfDay(daily, format, afterMs + days * DAY_MS);
    if (atMs !== undefined && atMs > afterMs) return atMs;
  }
  throw new RangeError(`There is no ${daily.hour}:${daily.minute} within ${DAYS_LOOKED_AT} days in ${daily.timeZone}`);
}

/** The moment of that time on the day of `dayMs`. */
function timeOfDay({ hour, minute }: DailyTime, format: Intl.DateTimeFormat, dayMs: number): number | undefined {
  const { year, month, day } = shown(format, dayMs);
  const wantedMs = Date.UTC(year, month - 1, day, hour, minute);
  // A zone's offset is at most a day; the second round is right wherever the first has met a change of the clocks.
  let atMs = wantedMs;
  for (let round = 0; round < 2; round++) atMs += wantedMs - shownMs(format, atMs);
  return shownMs(format, atMs) === wantedMs ? atMs : undefined;
}

function wallClock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
}

function shown(format: Intl.DateTimeFormat, epochMs: number) {
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type as string, Number(value)]));
  const part = (name: string) => parts.get(name) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/** What the clocks show, as if it were UTC. Seconds count as shown nowhere but in UTC: zones differ by whole minutes. */
function shownMs(format: Intl.DateTimeFormat, epochMs: number): number {
  const { year, month, day, hour, minute } = shown(format, epochMs);
  return Date.UTC(year, month - 1, day, hour, minute) + (epochMs % 60_000);
}
