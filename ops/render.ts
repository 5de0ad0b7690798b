const SYDNEY = new Intl.DateTimeFormat('en-AU', {
  timeZone: 'Australia/Sydney',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});

/** A moment as Sydney's clocks show it, with the offset: `2026-11-23 14:48:38.123 +11:00`. */
export function sydneyTime(atMs: number): string {
  const parts = new Map(SYDNEY.formatToParts(atMs).map(({ type, value }) => [type as string, value]));
  const part = (name: string) => parts.get(name) ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond')}`;
  return `${day} ${time} ${part('timeZoneName').replace('GMT', '')}`;
}

/** The same of an ISO 8601 text; a text that is no time stands for itself. */
export function sydneyTimeOf(iso: string): string {
  const atMs = Date.parse(iso);
  return Number.isNaN(atMs) ? iso : sydneyTime(atMs);
}

/** Decimal dollars with two places: `12.30 AUD`. */
export function aud(amount: number, currency = 'AUD'): string {
  return `${amount.toFixed(2)} ${currency}`;
}

/** The same of cents; of a rebuilt record nobody may know them. */
export function audOfCents(cents: number | undefined, currency?: string): string {
  return cents === undefined ? 'an unknown amount' : aud(cents / 100, currency);
}

/** Columns as wide as their widest cell, two spaces between them, each line ended. Columns in `right` are aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `1 customer`, `2 customers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
