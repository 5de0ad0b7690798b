import { openPosts, type Payout, roundOf } from '../domain/payout.ts';
import type { Explanation } from './explanation.ts';
import { masked, type Shown, scrub } from './masking.ts';
import { aud, audOfCents, json, sydneyTime, sydneyTimeOf, table } from './render.ts';

/** The explanation for a person: record, timeline, standing. */
export function explanationText(explanation: Explanation, { hasData }: { readonly hasData: boolean }): string {
  const { payout, notes, standing } = explanation;
  const record = table(recordFields(payout).map(([name, value]) => [`  ${name}`, value]));
  const missing = notes.map((note) => `Note: ${note}.\n`).join('');
  return `${payout.transaction_id}\n${record}\n${timelineText(explanation, hasData)}\n${missing}${standing}\n`;
}

/** The same for a program. */
export function explanationJson({ payout, timeline, notes, standing }: Explanation): string {
  const startMs = Date.parse(payout.created_at);
  return json({
    payout: recordJson(payout),
    timeline: timeline.map(({ atMs, ...entry }) => ({
      at: new Date(atMs).toISOString(),
      sydney: sydneyTime(atMs),
      relative_ms: atMs - startMs,
      ...entry,
    })),
    notes,
    standing,
  });
}

/** Named one by one, so that a new field of the record is hidden until somebody decides. */
const JSON_FIELDS = [
  'transaction_id',
  'uniqueReference',
  'status',
  'customer_id',
  'amount_cents',
  'currency',
  'payout_method',
  'description',
  'destination_id',
  'destination_masked',
  'destination_ciphertext',
  'has_key',
  'requested_by',
  'execution_arn',
  'created_at',
  'updated_at',
  'revision',
  'posts',
  'last_posted_at',
  'resends',
  'guards',
  'posting_until',
  'monoova_transaction_id',
  'returned_cents',
  'conflict',
  'rebuilt_at',
] as const satisfies readonly (keyof Payout)[];

function recordJson(payout: Payout): Record<string, Shown> {
  const present = JSON_FIELDS.filter((field) => payout[field] !== undefined);
  return Object.fromEntries(present.map((field) => [field, masked(payout[field], field)]));
}

function timelineText({ payout, timeline }: Explanation, hasData: boolean): string {
  const startMs = Date.parse(payout.created_at);
  const rows = timeline.map(({ atMs, place, what }) => [sydneyTime(atMs), relative(atMs - startMs), place, what]);
  const lines = table([['Sydney time', 'ms', 'where', 'what'], ...rows], [1]);
  if (!hasData) return lines;
  const [heading, ...others] = lines.trimEnd().split('\n');
  const withData = others.flatMap((line, index) => [line, ...dataLines(timeline[index]?.data)]);
  return `${[heading, ...withData].join('\n')}\n`;
}

function relative(ms: number): string {
  return ms < 0 ? String(ms) : `+${ms}`;
}

const DATA_CHARACTERS_MAX = 2_000;

function dataLines(data: Explanation['timeline'][number]['data']): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const cut = text.length > DATA_CHARACTERS_MAX ? `${text.slice(0, DATA_CHARACTERS_MAX - 1)}…` : text;
    return `    ${name}: ${cut}`;
  });
}

/** The same for a person. */
function recordFields(payout: Payout): (readonly [string, string])[] {
  const { status, amount_cents, currency, destination_masked, payout_method, posts, last_posted_at } = payout;
  const last = last_posted_at === undefined ? '' : `; last sent at ${sydneyTimeOf(last_posted_at)}`;
  const isRebuilt = payout.rebuilt_at !== undefined;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['status', status],
    ['amount', audOfCents(amount_cents, currency)],
    ['destination', isRebuilt ? undefined : `${destination_masked} (${payout_method}, ${payout.destination_id})`],
    ['ciphertext', payout.destination_ciphertext && `(ciphertext, ${payout.destination_ciphertext.length} characters)`],
    ['customer', payout.customer_id],
    ['description', payout.description === undefined ? undefined : scrub(payout.description)],
    ['requested by', payout.requested_by],
    ['key', isRebuilt ? undefined : keyWords(payout)],
    [isRebuilt ? 'paid' : 'recorded', sydneyTimeOf(payout.created_at)],
    ['rebuilt', rebuiltWords(payout)],
    ['updated', sydneyTimeOf(payout.updated_at)],
    ['posts', `${posts} that Monoova may have received${last}`],
    ['resends', resendWords(payout)],
    ["Monoova's number", payout.monoova_transaction_id?.toString()],
    ['came back', payout.returned_cents === undefined ? undefined : aud(payout.returned_cents / 100, currency)],
    ['conflict', payout.conflict ? 'facts contradict each other: a person has to look' : undefined],
    [isRebuilt ? 'reconciliation' : 'submission', payout.execution_arn],
  ];
  return fields.filter((field): field is readonly [string, string] => field[1] !== undefined);
}

function resendWords(payout: Payout): string | undefined {
  const round = roundOf(payout);
  if (round === 0) return undefined;
  const held = payout.posts - openPosts(payout);
  return `${round} allowed by a person, who held ${held} of the posts for unreceived`;
}

function keyWords({ has_key }: Payout): string {
  return has_key ? 'sent with an Idempotency-Key' : 'sent without an Idempotency-Key';
}

function rebuiltWords({ rebuilt_at }: Payout): string | undefined {
  if (rebuilt_at === undefined) return undefined;
  return `${sydneyTimeOf(rebuilt_at)}, from what Monoova knows: customer, method and destination were lost with the record`;
}
