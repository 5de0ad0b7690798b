/**
 * Monoova keeps its books, and answers its reports, by the day in Sydney: "Timezone is suppressed. The default Timezone is Sydney
 * local time" (Payments OpenAPI v5.29, introduction). Limits and reconciliation count by the same day.
 */
const DAY = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Australia/Sydney',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** `YYYY-MM-DD`, of a moment in milliseconds since the Unix epoch. */
export function sydneyDayOf(epochMs: number): string {
  const parts = new Map(DAY.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}
