/**
 * Monoova's times are Sydney's, without a zone: "Timezone is suppressed. The default Timezone is Sydney local time"
 * (Payments specification, introduction).
 */
const FORMAT = new Intl.DateTimeFormat('en-AU', {
  timeZone: 'Australia/Sydney',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The parts of the last moment that was asked for: each text asks for several, and many for the same. */
let last: { readonly epochMs: number; readonly parts: Map<string, string> } | undefined;

function partsOf(epochMs: number): Map<string, string> {
  if (last?.epochMs === epochMs) return last.parts;
  const parts = new Map(FORMAT.formatToParts(epochMs).map((part) => [part.type, part.value]));
  last = { epochMs, parts };
  return parts;
}

/** `yyyy-MM-dd` */
export function sydneyDate(epochMs: number): string {
  const parts = partsOf(epochMs);
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** `M/d/yyyy h:mm:ss tt`, as the answers about subscriptions write times: `11/14/2019 3:41:05 PM`. */
export function sydneyUsDateTime(epochMs: number): string {
  const number = (name: string) => Number(partsOf(epochMs).get(name));
  const hour = number('hour');
  const clock = [hour % 12 || 12, padded(number('minute')), padded(number('second'))].join(':');
  return `${number('month')}/${number('day')}/${number('year')} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

function padded(number: number): string {
  return String(number).padStart(2, '0');
}

/** Whether it is a day, written `yyyy-MM-dd`. Round-tripping refuses 2026-02-30. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `yyyy-MM-ddTHH:mm:ss` */
export function sydneyDateTime(epochMs: number): string {
  const parts = partsOf(epochMs);
  return `${sydneyDate(epochMs)}T${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
}
