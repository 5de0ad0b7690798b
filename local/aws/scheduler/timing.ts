import { type DailyTime, parseDaily } from './daily.ts';

/** When a schedule fires: at a time of every day, or again and again from its making on. */
export type Timing = DailyTime | { readonly everyMs: number };

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 * @throws {UnsupportedResource} for what is neither a rate nor a time of every day
 */
export function parseTiming(logicalId: string, expression: string, timeZone: string): Timing {
  const [, value = '', unit = ''] = /^rate\((\d{1,6}) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(value) * (UNITS_MS[unit] ?? 0);
  return everyMs > 0 ? { everyMs } : parseDaily(logicalId, expression, timeZone);
}
