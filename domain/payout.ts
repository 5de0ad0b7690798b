import * as z from 'zod';
import { PAYOUT_METHODS } from './destination.ts';
import { type Fact, type FactKind, factSchema, identityOf, RESENDS_MAX } from './fact.ts';
import { GUARDS_MAX } from './guard.ts';
import { CURRENCY } from './money.ts';
import { addUpReturns } from './returns.ts';

/** In the order of their ranks: a fact raises a payout to its rank and never lowers it. */
export const STATUSES = ['Pending', 'Failed', 'Rejected', 'Completed', 'Returned'] as const;
export type PayoutStatus = (typeof STATUSES)[number];

/** At most this many facts are kept; the last ten places are for facts that name a final status, and the last four of them for people. */
export const HISTORY_MAX_FACTS = 50;
export const HISTORY_MAX_FINAL_FACTS = 46;
const HISTORY_MAX_MINOR_FACTS = 40;
/**
 * Of what guards see again and again while a payout is held. Behind it there is room for what can end a payout: patience and an escalation
 * for each of four rounds, and four declines. A status that is Failed must find its reason in the history.
 */
const HISTORY_MAX_REPEATED_FACTS = 28;
const REPEATED: ReadonlySet<FactKind> = new Set(['not-found', 'unanswered', 'unreceived']);

const payoutFields = z.object({
  transaction_id: z.string(),
  uniqueReference: z.string(),
  /** Absent in a rebuilt record. */
  customer_id: z.string().optional(),
  /** Absent in a rebuilt record where Monoova's books do not tell it. */
  amount_cents: z.int().min(1).optional(),
  currency: z.literal(CURRENCY),
  /** Absent in a rebuilt record. */
  payout_method: z.enum(PAYOUT_METHODS).optional(),
  description: z.string().optional(),
  /** True where the client sent an Idempotency-Key. Absent in a rebuilt record. */
  has_key: z.boolean().optional(),
  /** The ARN of the caller. Absent in a rebuilt record. */
  requested_by: z.string().optional(),
  /** The execution that recorded it: a submission, whose own write may be repeated and knows itself by it, or a reconciliation. */
  execution_arn: z.string(),
  created_at: z.string(),
  /** The day in Sydney, `YYYY-MM-DD`: reconciliation reads payouts by it. */
  created_day: z.string(),
  updated_at: z.string(),
  /** Absent in a rebuilt record. */
  destination_id: z.string().optional(),
  destination_masked: z.string(),
  /** Pinned at recording; leaves the record when the payout is final. */
  destination_ciphertext: z.string().optional(),
  status: z.enum(STATUSES),
  /** 1 at recording, one more with each write that can change a decision. */
  revision: z.int().min(1),
  /** POSTs that Monoova may have received: counted before each, taken back only on proof of non-receipt. */
  posts: z.int().min(0),
  last_posted_at: z.string().optional(),
  /** When the record was rebuilt, after it had been lost. */
  rebuilt_at: z.string().optional(),
  /** The fence: who is posting, and until when nobody else may. */
  posting_by: z.string().optional(),
  posting_until: z.string().optional(),
  /** The guard's doorbell; leaves the record when the payout is final. */
  task_token: z.string().optional(),
  /** The highest number of a guard that was claimed (domain/guard.ts); absent while there was no other than the first. */
  guards: z.int().min(2).max(GUARDS_MAX).optional(),
  /** Present while the payout is open: the key of a sparse index. */
  open: z.literal('open').optional(),
  monoova_transaction_id: z.int().min(1).optional(),
  /** How much of the amount has come back, in AUD cents: never more than the amount. */
  returned_cents: z.int().min(1).optional(),
  /** Monoova has said that it holds the payout: it is never sent again. Kept apart from the history, which is bounded. */
  received: z.literal(true).optional(),
  /**
   * For each resend that a person allowed, in their order: how many of the `posts` are held for unreceived on that person's word.
   * Its length is the round that the payout is in.
   */
  resends: z.array(z.int().min(0)).max(RESENDS_MAX).optional(),
  /** The last round in which a decline was told or patience ended: Failed, as soon as no POST of that round may have arrived. */
  ended_unpaid_round: z.int().min(0).max(RESENDS_MAX).optional(),
  /** The last round in which a person was told: only a person sends it again. */
  escalated_round: z.int().min(0).max(RESENDS_MAX).optional(),
  /** Facts disagree: a person has to look. Never taken back by a fact. */
  conflict: z.boolean().optional(),
  history: z.array(factSchema).max(HISTORY_MAX_FACTS),
});

/** What Monoova cannot tell of a payout whose record was lost (domain/rebuild.ts). */
const LOST_FIELDS = [
  'customer_id',
  'amount_cents',
  'payout_method',
  'has_key',
  'requested_by',
  'destination_id',
] as const;

/** A payout as it is stored. Times are ISO 8601, UTC. Parsed again after every read. */
export const payoutSchema = payoutFields.refine(
  (payout) => payout.rebuilt_at !== undefined || LOST_FIELDS.every((field) => payout[field] !== undefined),
  { error: `only a rebuilt record may lack one of ${LOST_FIELDS.join(', ')}` },
);
export type Payout = z.output<typeof payoutSchema>;

/** What lists show of a payout: an index holds no history, no ciphertext and no token. */
export const listedPayoutSchema = payoutFields.pick({
  transaction_id: true,
  customer_id: true,
  amount_cents: true,
  currency: true,
  payout_method: true,
  has_key: true,
  destination_masked: true,
  status: true,
  posts: true,
  conflict: true,
  returned_cents: true,
  rebuilt_at: true,
  created_at: true,
});
export type ListedPayout = z.output<typeof listedPayoutSchema>;

/** What is read of many payouts at once to compare them with Monoova's books. */
export const comparedPayoutSchema = payoutFields.pick({
  transaction_id: true,
  uniqueReference: true,
  amount_cents: true,
  status: true,
  posts: true,
  last_posted_at: true,
  posting_until: true,
  received: true,
  monoova_transaction_id: true,
  created_at: true,
});
export type ComparedPayout = z.output<typeof comparedPayoutSchema>;

export function isFinal(status: PayoutStatus): boolean {
  return status !== 'Pending';
}

/** 0, and one more with each resend that a person allowed. */
export function roundOf({ resends = [] }: Payout): number {
  return resends.length;
}

/** The round as a fact names it that is learnt of the payout as it stands. */
export function roundOfFact(payout: Payout): Pick<Fact, 'round'> {
  const round = roundOf(payout);
  return round === 0 ? {} : { round };
}

/** How many POSTs Monoova may have received, for all that anybody knows: those that no proof and no person's word covers. */
export function openPosts(payout: Payout): number {
  return payout.posts - answeredFor(payout, roundOf(payout));
}

/** What Monoova has said it holds is never sent again, whatever a later look-up says, and never Failed without a person. */
export function isKnownToMonoova(payout: Pick<Payout, 'received' | 'monoova_transaction_id'>): boolean {
  return payout.received === true || payout.monoova_transaction_id !== undefined;
}

/** A person was told since the last resend that one allowed. */
export function isEscalated(payout: Payout): boolean {
  return payout.escalated_round !== undefined && payout.escalated_round >= roundOf(payout);
}

/** How many of the POSTs were held for unreceived when that round began. */
function answeredFor({ resends = [] }: Payout, round: number): number {
  return resends.slice(0, round).at(-1) ?? 0;
}

export type Applied = {
  readonly payout: Payout;
  /** False where the fact taught nothing new; then nothing needs to be written. */
  readonly isChanged: boolean;
  /** True where this fact set the conflict. */
  readonly isNewConflict: boolean;
  /** True where a person's evidence is about an earlier POST than the last: then it says nothing. */
  readonly isOutrun: boolean;
};

/** What a fact raises a payout to; a return does so only with the others that make up the amount. */
const STATUS_OF_FACT: Readonly<Partial<Record<FactKind, PayoutStatus>>> = {
  failed: 'Failed',
  rejected: 'Rejected',
  completed: 'Completed',
  returned: 'Returned',
};

/**
 * The one transition of a payout. Pure; applying a fact a second time changes nothing. The writer stores the outcome with
 * a condition on the revision that it read.
 *
 *     rank      Pending ──▶ Failed ──▶ Rejected ──▶ Completed ──▶ Returned
 *     conflict             any two of these, except Completed and Returned, which follow each other in ordinary life
 */
export function applyFact(payout: Payout, fact: Fact): Applied {
  const identity = identityOf(fact);
  if (payout.history.some((known) => identityOf(known) === identity)) return unchanged(payout);
  if (isOutrun(payout, fact)) return { ...unchanged(payout), isOutrun: true };

  const judged = contradicts(payout, fact)
    ? { ...note(payout, fact), conflict: true }
    : raise(note(closeAttempt(payout, fact), fact), fact);
  if (isSame(payout, judged)) return unchanged(payout);
  const next = { ...judged, revision: payout.revision + 1, updated_at: laterOf(payout.updated_at, fact.observed_at) };
  return {
    payout: isFinal(next.status) ? withoutSecrets(next) : next,
    isChanged: true,
    isNewConflict: next.conflict === true && payout.conflict !== true,
    isOutrun: false,
  };
}

function unchanged(payout: Payout): Applied {
  return { payout, isChanged: false, isNewConflict: false, isOutrun: false };
}

/**
 * A person's evidence that nothing was paid is about the POSTs that were made when they looked. It says nothing of a later one, and then
 * nothing at all.
 */
function isOutrun(payout: Payout, { kind, source, last_posted_at }: Fact): boolean {
  const isSaidOfPosts = kind === 'failed' || kind === 'resend' || (kind === 'rejected' && source === 'operator');
  return isSaidOfPosts && last_posted_at !== payout.last_posted_at;
}

/** A full history takes no more facts; a fact that changes nothing else either is not written. */
function isSame(before: Payout, after: Payout): boolean {
  const names = [
    'status',
    'posts',
    'conflict',
    'monoova_transaction_id',
    'returned_cents',
    'received',
    'ended_unpaid_round',
    'escalated_round',
  ] as const;
  const isEqual = names.every((name) => before[name] === after[name]);
  const resends = [before, after].map((payout) => JSON.stringify(payout.resends));
  return isEqual && before.history.length === after.history.length && resends[0] === resends[1];
}

/** Another amount or another reference is about another payment: it proves nothing about this one. A return may be of a part. */
function contradicts(payout: Payout, fact: Fact): boolean {
  if (fact.unique_reference !== undefined && fact.unique_reference !== payout.uniqueReference) return true;
  // Against an amount that nobody knows, only a return has to be weighed, and cannot be.
  if (payout.amount_cents === undefined) return fact.kind === 'returned';
  if (fact.amount_cents === undefined || fact.amount_cents === payout.amount_cents) return false;
  return fact.kind !== 'returned' || fact.amount_cents < 1 || fact.amount_cents > payout.amount_cents;
}

/** Proof that an attempt moved nothing takes its POST back and opens the fence; only the attempt that holds the fence can be closed. */
function closeAttempt(payout: Payout, fact: Fact): Payout {
  if (fact.kind !== 'unreceived' && fact.kind !== 'declined') return payout;
  if (fact.attempt === undefined || fact.attempt !== payout.posting_by) return payout;
  const { posting_by: _by, posting_until: _until, ...open } = payout;
  return withoutExcess({ ...open, posts: payout.posts - 1 });
}

/** No more POSTs can be held for unreceived than there are. */
function withoutExcess(payout: Payout): Payout {
  const { posts, resends } = payout;
  return resends === undefined ? payout : { ...payout, resends: resends.map((count) => Math.min(count, posts)) };
}

function note(payout: Payout, fact: Fact): Payout {
  const room = roomFor(fact);
  return payout.history.length < room ? { ...payout, history: [...payout.history, fact] } : payout;
}

function roomFor({ kind, source }: Fact): number {
  if (source === 'operator') return HISTORY_MAX_FACTS;
  if (REPEATED.has(kind)) return HISTORY_MAX_REPEATED_FACTS;
  return STATUS_OF_FACT[kind] === undefined ? HISTORY_MAX_MINOR_FACTS : HISTORY_MAX_FINAL_FACTS;
}

function raise(payout: Payout, fact: Fact): Payout {
  const marked = dispute(identify(mark(payout, fact), fact));
  if (fact.kind === 'returned') return raiseByReturns(marked, fact);
  return raiseStatus(marked, STATUS_OF_FACT[fact.kind] ?? statusOfAttempts(marked));
}

/** Attempts that all came to nothing, of a payment that Monoova says it has: whichever was learnt first, a person has to find out. */
function dispute(payout: Payout): Payout {
  const isDisputed = isKnownToMonoova(payout) && statusOfAttempts(payout) === 'Failed';
  return isDisputed ? { ...payout, conflict: true } : payout;
}

/** Any return proves that the money had arrived; only the whole amount is Returned. Never less than was known before. */
function raiseByReturns(payout: Payout, fact: Fact): Payout {
  if (payout.amount_cents === undefined) return payout;
  const noted = payout.history.filter((known) => known.kind === 'returned' && !contradicts(payout, known));
  const isNoted = noted.some((known) => identityOf(known) === identityOf(fact));
  const { returnedCents, isClear } = addUpReturns(payout.amount_cents, isNoted ? noted : [...noted, fact]);
  const returned_cents = Math.max(returnedCents, payout.returned_cents ?? 0);
  const raised = raiseStatus(payout, returned_cents === payout.amount_cents ? 'Returned' : 'Completed');
  return {
    ...raised,
    ...(returned_cents > 0 && { returned_cents }),
    // What a full history has no room for cannot be added to what comes later.
    ...(!(isClear && isNoted) && { conflict: true }),
  };
}

/** What must outlive a full history. Of each mark the highest round counts, so that order does not matter. */
function mark(payout: Payout, { kind, round = 0 }: Fact): Payout {
  if (kind === 'accepted') return { ...payout, received: true };
  if (kind === 'resend') return allowResend(payout, Math.max(1, round));
  if (kind === 'declined' || kind === 'patience-ended') {
    return { ...payout, ended_unpaid_round: Math.max(payout.ended_unpaid_round ?? 0, round) };
  }
  return kind === 'escalated' ? { ...payout, escalated_round: Math.max(payout.escalated_round ?? 0, round) } : payout;
}

/** All POSTs so far are held for unreceived from this round on. What ended or was escalated in an earlier round no longer counts. */
function allowResend(payout: Payout, round: number): Payout {
  const known = payout.resends ?? [];
  const rounds = Math.max(known.length, round);
  const resends = Array.from({ length: rounds }, (_, index) =>
    index >= round - 1 ? payout.posts : answeredFor(payout, index + 1),
  );
  return { ...payout, resends };
}

/**
 * Failed needs proof that no attempt moved money: a decline, or the end of patience, while no POST is left that Monoova may
 * have received. The proof may be completed by a later fact. What a person answered for in a later round does not complete it:
 * that person wants it sent again.
 */
function statusOfAttempts(payout: Payout): PayoutStatus {
  const { ended_unpaid_round: round, posts } = payout;
  return round !== undefined && posts === answeredFor(payout, round) ? 'Failed' : 'Pending';
}

function raiseStatus(payout: Payout, status: PayoutStatus): Payout {
  const isDisputed = isFinal(payout.status) && isFinal(status) && !canFollow(payout.status, status);
  const isHigher = STATUSES.indexOf(status) > STATUSES.indexOf(payout.status);
  const raised = isHigher ? { ...payout, status } : payout;
  return isDisputed ? { ...raised, conflict: true } : raised;
}

function canFollow(one: PayoutStatus, other: PayoutStatus): boolean {
  if (one === other) return true;
  return [one, other].every((status) => status === 'Completed' || status === 'Returned');
}

/** Two numbers of Monoova's for one reference mean two payments: the lower is kept, so that order does not matter. */
function identify(payout: Payout, fact: Fact): Payout {
  const told = fact.monoova_transaction_id;
  if (told === undefined || told === payout.monoova_transaction_id) return payout;
  if (payout.monoova_transaction_id === undefined) return { ...payout, monoova_transaction_id: told };
  return { ...payout, monoova_transaction_id: Math.min(told, payout.monoova_transaction_id), conflict: true };
}

/** Ciphertext, doorbell and the mark of an open payout leave the record with the last open revision. */
function withoutSecrets(payout: Payout): Payout {
  const { destination_ciphertext: _ciphertext, task_token: _token, open: _open, ...rest } = payout;
  return rest;
}

function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}
