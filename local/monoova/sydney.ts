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

function partsOf(epochMs: number): Map<string, string> {
  return new Map(FORMAT.formatToParts(epochMs).map((part) => [part.type, part.value]));
}

/** `yyyy-MM-dd` */
export function sydneyDate(epochMs: number): string {
  const parts = partsOf(epochMs);
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** `yyyy-MM-ddTHH:mm:ss` */
export function sydneyDateTime(epochMs: number): string {
  const parts = partsOf(epochMs);
  return `${sydneyDate(epochMs)}T${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
}
