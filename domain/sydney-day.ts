/**
 * Monoova keeps its books, and answers its reports, by the day in Sydney: "Timezone is suppressed. The default Timezone is Sydney
 * local time" (Payments OpenAPI v5.29, introduction). Limits and reconciliation count by the same day.
 */
const OFFSET = new Intl.DateTimeFormat('en', { timeZone: 'Australia/Sydney', timeZoneName: 'longOffset' });

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of the last hours that were asked for: Sydney's clocks change on an hour of UTC, and asking costs more than all that asks. */
const offsets = new Map<number, number>();
const HOURS_KEPT_MAX = 256;

/** How far Sydney's clocks are ahead of UTC at a moment, in milliseconds: 10 hours, and 11 in its summer; before 1895 by the sun. */
function offsetMs(epochMs: number): number {
  const hour = Math.floor(epochMs / HOUR_MS);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const name = OFFSET.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const ahead = /^GMT\+(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  // Counting on by the wrong day would count limits twice, and compare the wrong books.
  if (!ahead) throw new Error(`This Node.js writes Sydney's offset as "${name}", not as GMT+hh:mm.`);
  const [hours = 0, minutes = 0, seconds = 0] = ahead.slice(1).map((digits: string | undefined) => Number(digits ?? 0));
  const offset = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  if (offsets.size >= HOURS_KEPT_MAX) offsets.clear();
  offsets.set(hour, offset);
  return offset;
}

/** `YYYY-MM-DDTHH:mm:ss`, as Sydney's clocks show a moment in milliseconds since the Unix epoch. */
function sydneyTimeOf(epochMs: number): string {
  return new Date(epochMs + offsetMs(epochMs)).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
}

/** `YYYY-MM-DD`, of a moment in milliseconds since the Unix epoch. */
export function sydneyDayOf(epochMs: number): string {
  return sydneyTimeOf(epochMs).slice(0, 'YYYY-MM-DD'.length);
}

const DAY_MS = 86_400_000;
/** The one of summer first: it gives the earlier moment. */
const OFFSETS_MS = [11, 10].map((hours) => hours * HOUR_MS);
const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

/** True of a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  // Round-tripping refuses 2026-02-30.
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}

/** The day so many days later, or earlier where `days` is below 0. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, day.length);
}

/** How many days there are from the one to the other, both included; below 1 where they are the wrong way round. */
export function countDays(fromDay: string, toDay: string): number {
  return (Date.parse(`${toDay}T00:00:00Z`) - Date.parse(`${fromDay}T00:00:00Z`)) / DAY_MS + 1;
}

/**
 * The moment, in milliseconds since the Unix epoch, at which Sydney's clocks showed `YYYY-MM-DDTHH:mm:ss`: the earlier of two where
 * they were set back. Undefined for what they never showed.
 */
export function momentOfSydney(localTime: string): number | undefined {
  if (!LOCAL_TIME.test(localTime)) return undefined;
  const asIfUtcMs = Date.parse(`${localTime}Z`);
  if (Number.isNaN(asIfUtcMs)) return undefined;
  return OFFSETS_MS.map((aheadMs) => asIfUtcMs - aheadMs).find((atMs) => sydneyTimeOf(atMs) === localTime);
}

/** When a day ends in Sydney, in milliseconds since the Unix epoch. Its clocks are changed at two or three in the morning. */
export function endOfDayMs(day: string): number {
  return momentOfSydney(`${addDays(day, 1)}T00:00:00`) ?? Number.NaN;
}
