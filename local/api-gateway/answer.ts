/** What goes back to the client. A header named twice is sent twice; of names that differ in case the later one counts. */
export type Answer = {
  readonly status: number;
  readonly headers: readonly (readonly [string, readonly string[]])[];
  readonly body: Buffer;
};

/** Renamed on their way out (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html). */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

export function answerOf(
  status: number,
  headers: readonly (readonly [string, string | readonly string[]])[],
  body: Buffer,
): Answer {
  const byName = new Map<string, readonly [string, readonly string[]]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') continue;
    const sent = REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name;
    byName.set(sent.toLowerCase(), [sent, typeof value === 'string' ? [value] : value]);
  }
  return { status, headers: [...byName.values()], body };
}
