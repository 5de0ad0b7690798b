import { isEscalated, isKnownToMonoova, openPosts, type Payout, roundOf } from './payout.ts';

/**
 * Whether a stage may send a reference to Monoova a second time. `never` is right until Monoova's sandbox has shown that it
 * refuses a repeated reference; what was posted and cannot be found then goes to a person.
 */
export const RESUBMISSION_MODES = ['never', 'after-quiet-period'] as const;
export type ResubmissionMode = (typeof RESUBMISSION_MODES)[number];

export type ResubmissionPolicy = {
  readonly mode: ResubmissionMode;
  /** How long Monoova must have stayed silent about the last POST, in milliseconds. */
  readonly quietPeriodMs: number;
};

/** One "not found" is no proof: the engine may still be at work (facts of Monoova's status call, section 3.2). */
export const NOT_FOUNDS_NEEDED = 3;
/** First submission and three repeats. */
export const POSTS_MAX = 4;

/**
 * May this payout be posted now? Asked by the guard before it sends a payout on, and asked again by SubmitPayment, which
 * alone posts. Nothing that may have been received is sent again, unless the stage allows it and Monoova has not known
 * the reference in several look-ups over the quiet period, or a person has answered for it (the look-up of this very moment is
 * the caller's to make). Each resend that a person allows is good for one POST that may arrive, in every stage: from the first of
 * them on nothing is sent again without a person.
 */
export function maySubmit(payout: Payout, policy: ResubmissionPolicy, nowMs: number): boolean {
  if (payout.status !== 'Pending') return false;
  if (isKnownToMonoova(payout)) return false;
  if (isEscalated(payout)) return false;
  if (openPosts(payout) === 0) return true;
  if (roundOf(payout) > 0) return false;
  if (policy.mode === 'never') return false;
  if (payout.posts >= POSTS_MAX) return false;
  return isQuiet(payout, policy.quietPeriodMs, nowMs);
}

/** Three not-founds since the last POST, spread over the quiet period, the newest of them after its end. */
function isQuiet(payout: Payout, quietPeriodMs: number, nowMs: number): boolean {
  if (payout.last_posted_at === undefined) return false;
  const lastPostedMs = Date.parse(payout.last_posted_at);
  const notFoundsMs = payout.history
    .filter(({ kind }) => kind === 'not-found')
    .map(({ observed_at }) => Date.parse(observed_at))
    .filter((atMs) => atMs > lastPostedMs && atMs <= nowMs);
  if (notFoundsMs.length < NOT_FOUNDS_NEEDED) return false;
  // The oldest is later than the POST, so that this is a silence about the POST as well.
  return Math.max(...notFoundsMs) - Math.min(...notFoundsMs) >= quietPeriodMs;
}

/**
 * The fence: this attempt counts its POST before it makes it, and nobody else may post until `untilMs`. The store writes it
 * only if the payout is still Pending, at the revision that was read, and nobody is posting.
 */
export function raiseFence(payout: Payout, attempt: string, nowMs: number, untilMs: number): Payout {
  return {
    ...payout,
    revision: payout.revision + 1,
    posts: payout.posts + 1,
    posting_by: attempt,
    posting_until: new Date(untilMs).toISOString(),
    last_posted_at: new Date(nowMs).toISOString(),
  };
}
