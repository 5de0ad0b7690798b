const ISO_8601 =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})T(?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?<offset>Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds since the epoch of an ISO-8601 date-time with an offset, the only form that AWS takes for a `Timestamp`
 * (`T` and `Z` upper case, an offset always present); undefined for anything else, e.g. 29 February of a common year.
 */
export function parseIsoTimestampMs(text: string): number | undefined {
  const parts = ISO_8601.exec(text)?.groups;
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map((part) =>
    Number(parts[part] ?? 0),
  ) as [number, number, number, number, number, number];
  const utcMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(utcMs);
  const rolledOver = date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCHours() !== hour;
  if (rolledOver || minute > 59 || second > 59) return undefined;
  const fractionMs = Math.floor(Number(`0.${parts['fraction'] ?? '0'}`) * 1000);
  return utcMs + fractionMs - offsetMs(parts['offset'] ?? 'Z');
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours, minutes] = offset.slice(1).split(':').map(Number) as [number, number];
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
