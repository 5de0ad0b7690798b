import * as z from 'zod';

/** What a reconciliation finds, in the order in which it is told. A person is needed for what no machine may decide. */
export const FINDINGS = {
  'paid-twice': {
    needsPerson: true,
    words: 'Monoova has two payments of one reference',
    next: 'Call Monoova at once, and stop the API if there are more.',
  },
  conflict: {
    needsPerson: true,
    words: 'what Monoova says contradicts what is recorded',
    next: 'Explain each payout, and ask Monoova about its reference.',
  },
  orphan: {
    needsPerson: true,
    words: 'Monoova has a payment of ours without a record',
    next: 'If the table was restored, rebuild it (docs/runbook.md, "A table was restored"). If not, somebody else pays with our references.',
  },
  'unknown-at-monoova': {
    needsPerson: true,
    words: 'paid by our record, and Monoova does not know it',
    next: 'Ask Monoova about the reference before anything else.',
  },
  'status-differs': {
    needsPerson: true,
    words: 'two statuses that do not fit, neither of them proof',
    next: 'Explain each payout, and ask Monoova about its reference.',
  },
  'status-unclear': {
    needsPerson: true,
    words: 'Monoova gives a status that proves nothing for an NPP payout',
    next: 'Ask Monoova what it means, then resolve the payout.',
  },
  escalated: {
    needsPerson: true,
    words: 'open, and a person owns it already',
    next: 'Explain each payout, and end it with `payouts resolve`.',
  },
  'guards-used-up': {
    needsPerson: true,
    words: 'open, and has had all its guards',
    next: 'Explain each payout: something keeps ending its guards.',
  },
  'webhook-failing': {
    needsPerson: true,
    words: 'Monoova cannot deliver this webhook, however often it is sent',
    next: 'Look at what the webhook function answers (docs/runbook.md, "Webhooks fail").',
  },
  'not-found-yet': {
    needsPerson: false,
    words: 'sent, open, and not known to Monoova: its guard goes on asking',
    next: '',
  },
  repaired: { needsPerson: false, words: 'brought to the outcome that Monoova knows', next: '' },
  noted: { needsPerson: false, words: 'open, and now known to be in the hands of Monoova', next: '' },
  rebuilt: { needsPerson: false, words: 'recorded again from what Monoova knows', next: '' },
  'guard-started': { needsPerson: false, words: 'open without a guard, and given one', next: '' },
  'webhook-resent': {
    needsPerson: false,
    words: 'sent for again: it was not delivered, or to a table that has lost it',
    next: '',
  },
} as const satisfies Readonly<Record<string, Finding>>;

type Finding = {
  readonly needsPerson: boolean;
  /** What it is, of one payout. */
  readonly words: string;
  /** What the person does first. */
  readonly next: string;
};
export type FindingClass = keyof typeof FINDINGS;
export const FINDING_CLASSES = Object.keys(FINDINGS) as readonly FindingClass[];

/**
 * So many of each class are named; all are counted, and all are in the log of the function. 15 classes of 100 stay below the 256 KiB that a
 * state machine may carry (test/domain/reconciliation.test.ts).
 */
const NAMED_MAX = 100;
const DETAIL_MAX_CHARACTERS = 60;
/** Reasons why a run is not complete. More are only said to be more; the machine may add one of each phase. */
const REASONS_MAX = 20;
const REASONS_OF_MACHINE_MAX = 5;
const REASON_MAX_CHARACTERS = 160;

const classSchema = z.enum(FINDING_CLASSES as readonly [FindingClass, ...FindingClass[]]);
const namedSchema = z.object({
  /** A transaction id, or Monoova's number of a webhook. */
  id: z.string().max(60),
  detail: z.string().max(DETAIL_MAX_CHARACTERS).optional(),
});
export type Named = z.output<typeof namedSchema>;

export const CHECKS = ['payments', 'foreign', 'payouts', 'open', 'young', 'webhooks'] as const;
export type Check = (typeof CHECKS)[number];

export const tallySchema = z.object({
  counts: z.partialRecord(classSchema, z.int().min(0)),
  named: z.partialRecord(classSchema, z.array(namedSchema).max(NAMED_MAX)),
  /** How much was looked at: payments in Monoova's books, foreign ones among them, payouts of ours, and so on. */
  checked: z.partialRecord(z.enum(CHECKS), z.int().min(0)),
  /** Why something was left out. Empty: everything was looked at. */
  incomplete: z.array(z.string().max(REASON_MAX_CHARACTERS)).max(REASONS_MAX + REASONS_OF_MACHINE_MAX),
});
/** What a run has found so far. */
export type Tally = z.output<typeof tallySchema>;

export const EMPTY_TALLY: Tally = { counts: {}, named: {}, checked: {}, incomplete: [] };

const day = z.iso.date();
export const runSchema = z.object({
  /** Days in Sydney, both included. */
  from: day,
  to: day,
  /** The day on which the run began: later ones are not asked for. */
  today: day,
  is_rebuild: z.boolean(),
  /** Of its execution: the command shows the run by it. */
  name: z.string().min(1).max(80),
});
export type Run = z.output<typeof runSchema>;

/** What a run leaves behind: the output of its execution. */
export const reportSchema = z.object({
  ...runSchema.shape,
  ...tallySchema.shape,
  is_complete: z.boolean(),
  needs_person: z.boolean(),
});
export type Report = z.output<typeof reportSchema>;

/** Monoova's words as characters that take one byte each, escaped or not: what is carried stays as small as it was reckoned. */
function plain(words: string, maxCharacters: number): string {
  return words.slice(0, maxCharacters).replaceAll(/[^ !#-[\]-~]/g, '?');
}

/** Pure, like all that follows. */
export function found(tally: Tally, what: FindingClass, named: Named): Tally {
  const { detail, ...id } = named;
  const known = tally.named[what] ?? [];
  const entry = detail === undefined ? id : { ...id, detail: plain(detail, DETAIL_MAX_CHARACTERS) };
  return {
    ...tally,
    counts: { ...tally.counts, [what]: (tally.counts[what] ?? 0) + 1 },
    named: known.length < NAMED_MAX ? { ...tally.named, [what]: [...known, entry] } : tally.named,
  };
}

export function checked(tally: Tally, what: Check, count = 1): Tally {
  if (count === 0) return tally;
  return { ...tally, checked: { ...tally.checked, [what]: (tally.checked[what] ?? 0) + count } };
}

/** A run that leaves something out says so. */
export function incomplete(tally: Tally, reason: string): Tally {
  const reasons = tally.incomplete;
  const text = reasons.length === REASONS_MAX - 1 ? 'and more' : plain(reason, REASON_MAX_CHARACTERS);
  if (reasons.length >= REASONS_MAX || reasons.includes(text)) return tally;
  return { ...tally, incomplete: [...reasons, text] };
}

export function reportOf(run: Run, tally: Tally): Report {
  const isComplete = tally.incomplete.length === 0;
  return { ...run, ...tally, is_complete: isComplete, needs_person: !isComplete || needsPerson(tally) };
}

function needsPerson({ counts }: Tally): boolean {
  return FINDING_CLASSES.some((what) => FINDINGS[what].needsPerson && (counts[what] ?? 0) > 0);
}
