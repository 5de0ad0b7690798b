import * as z from 'zod';
import { areRecordsDoubted, type Hold } from '../../domain/controls.ts';
import {
  DestinationUnusableError,
  MonoovaThrottledError,
  MonoovaUnreachableError,
  PayoutNotFoundError,
} from '../../domain/errors.ts';
import type { Fact } from '../../domain/fact.ts';
import { toCents } from '../../domain/money.ts';
import { isFinal, type Payout, type PayoutStatus, roundOfFact } from '../../domain/payout.ts';
import { maySubmit, type ResubmissionPolicy, raiseFence } from '../../domain/submission-rule.ts';
import { giveBack, isLineProbe, isLong, type Pass, passFor, reportLost, reportPost } from '../shared/gate.ts';
import { type LookUpDeps, lookUpAndSettle, wasNeverSent } from '../shared/look-up.ts';
import type { DestinationCipher, ExecuteResult, PaymentInstruction } from '../shared/ports.ts';
import { settle } from '../shared/settle.ts';

const eventSchema = z.object({ transaction_id: z.string(), deadline: z.iso.datetime() });

export type SubmitPaymentDeps = LookUpDeps & {
  readonly cipher: DestinationCipher;
  readonly policy: ResubmissionPolicy;
  /** How long one POST may take, in milliseconds. */
  readonly postTimeoutMs: number;
  /** Resolves when so many milliseconds have passed. */
  readonly wait: (ms: number) => Promise<void>;
};

/** The status that the record holds now, and why nothing was submitted where something holds it back: it will be submitted later. */
export type Submission = { readonly status: PayoutStatus; readonly held?: Hold };

/** Between the end of a POST and the end of the function: its fact has to be written. */
const WRITE_MARGIN_MS = 1_000;

/**
 * The only place that pays. In time:
 *
 *     read, controls ─ (look up, if anything was sent) ─ decrypt ─ FENCE ─ POST ─ own fact ─ (look up)
 *                 │                                                  │      │                       │
 *              held: the answer at once            posts + 1, nobody └ else ┴ posts until ──────────┴─ deadline + postTimeoutMs
 *
 * A POST begins early enough to end, with its fact, before the deadline. A death anywhere after the fence leaves `posts` counted,
 * so that nobody sends again without looking up. Only proof of non-receipt takes the count back. A pause or a breaker that comes
 * between the read of the controls and the fence lets this one POST go. Safe to repeat, also while another attempt is under way.
 * @throws {MonoovaUnreachableError | MonoovaThrottledError} Nothing was received and the fence is open again: retry.
 * @throws {PayoutNotFoundError} There is no such record. Nothing was sent.
 * @throws {DestinationUnusableError | ConfigurationError} Nothing was sent.
 */
export function createHandler(deps: SubmitPaymentDeps): (event: unknown, attempt: string) => Promise<Submission> {
  return async function submitPayment(event, attempt) {
    const { transaction_id, deadline } = eventSchema.parse(event);
    const deadlineMs = Date.parse(deadline);
    const untilMs = deadlineMs + deps.postTimeoutMs;
    const [found, controls] = await Promise.all([deps.store.read(transaction_id), deps.controls.read()]);
    if (!found) throw new PayoutNotFoundError(`${transaction_id} is not recorded.`);
    if (isFinal(found.status)) return { status: found.status };
    const pass = await passFor(deps, { call: 'post', attempt, controls, untilMs });
    if (pass.kind === 'held') return heldBack(deps, found, pass.by);

    const { payout, isDue, held } = await lookUpFirst(deps, pass, found);
    if (held) return heldBack(deps, payout, held);
    const notAfterMs = deadlineMs - deps.postTimeoutMs - WRITE_MARGIN_MS;
    if (isDue && deps.nowMs() < notAfterMs) {
      const instruction = await instructionFor(deps, payout);
      const fenced = raiseFence(payout, attempt, deps.nowMs(), untilMs);
      if (await fence(deps, payout, fenced))
        return post(deps, { payout: fenced, attempt, pass, notAfterMs, instruction });
    }
    await giveBack(deps, pass);
    return { status: payout.status };
  };
}

function heldBack(deps: SubmitPaymentDeps, { transaction_id, status }: Payout, held: Hold): Submission {
  deps.metrics.count('SubmissionHeld');
  deps.log.info('The payout is held back: its guard submits it later.', { transaction_id, held });
  return { status, held };
}

type Due = { readonly payout: Payout; readonly isDue: boolean; readonly held?: Hold };

/**
 * Before another POST comes a look-up, even where the first was proven unreceived: asking is cheap. Where a POST may have
 * arrived, this very look-up has to be one that did not find it. Where the breaker is half open a look-up comes before any POST: a
 * probe that pays first leaves, for as long as the outage lasts, one payout after the other of which nobody knows whether it arrived.
 * After a restore no count of POSTs is believed: every payout is one that may have arrived.
 */
async function lookUpFirst(deps: SubmitPaymentDeps, pass: Pass, found: Payout): Promise<Due> {
  const isAllowed = (payout: Payout) => maySubmit(payout, deps.policy, deps.nowMs());
  const isDoubted = areRecordsDoubted(pass.controls, deps.nowMs());
  if (wasNeverSent(found) && !isDoubted && !isLineProbe(pass)) return { payout: found, isDue: isAllowed(found) };
  const { payout, said, lost } = await lookUpAndSettle(deps, pass, found);
  if (said === 'credentials-refused') return { payout, isDue: false, held: 'credentials' };
  if (lost !== undefined && isLineProbe(pass)) {
    await reportLost(deps, pass, lost);
    return { payout, isDue: false, held: 'breaker' };
  }
  const isProvenUnsent = payout.posts === 0 && !isDoubted;
  return { payout, isDue: isAllowed(payout) && (isProvenUnsent || said === 'not-found') };
}

async function instructionFor(deps: SubmitPaymentDeps, payout: Payout): Promise<PaymentInstruction> {
  const { transaction_id, customer_id, amount_cents, destination_id, destination_ciphertext, description } = payout;
  const isWhole = customer_id !== undefined && amount_cents !== undefined && destination_id !== undefined;
  if (destination_ciphertext === undefined || !isWhole) {
    throw new DestinationUnusableError(`${transaction_id} is open and holds no destination.`);
  }
  const destination = await deps.cipher.decrypt(destination_ciphertext, { customer_id, destination_id });
  const instruction = {
    uniqueReference: payout.uniqueReference,
    amountCents: toCents(amount_cents),
    destination,
  };
  return description === undefined ? instruction : { ...instruction, description };
}

/** A write that failed may have landed all the same; what was not posted is taken back, so that it does not count for ever. */
async function fence(deps: SubmitPaymentDeps, payout: Payout, fenced: Payout): Promise<boolean> {
  try {
    return await deps.store.raiseFence(payout, fenced, deps.nowMs());
  } catch (error) {
    const under = { payout: fenced, attempt: fenced.posting_by ?? '' };
    // Whether it stands is not known here: the record has to be read.
    await apply(deps, under, { kind: 'unreceived', detail: 'the fence could not be raised' }).catch(() => undefined);
    throw error;
  }
}

type Attempt = { readonly payout: Payout; readonly attempt: string };
type Posting = Attempt & {
  readonly pass: Pass;
  readonly notAfterMs: number;
  readonly instruction: PaymentInstruction;
};

async function post(deps: SubmitPaymentDeps, under: Posting): Promise<Submission> {
  const { pass, payout: fenced, attempt, instruction, notAfterMs } = under;
  const { transaction_id } = fenced;
  const result = await pass.line.execute(instruction, notAfterMs);
  deps.log.info('Monoova was called.', { transaction_id, attempt, result: result.kind });
  const payout = await apply(deps, under, factOf(result), fenced);
  await reportPost(deps, pass, result);
  count(deps, result);
  if (result.kind === 'throttled') return sitOut(deps, payout, result, notAfterMs);
  if (result.kind === 'unreachable') throw new MonoovaUnreachableError(`${transaction_id}: ${result.detail}.`);
  if (result.kind === 'credentials-refused') return heldBack(deps, payout, 'credentials');
  return { status: (wasReceived(result) ? (await lookUpAndSettle(deps, pass, payout)).payout : payout).status };
}

type Throttled = Extract<ExecuteResult, { kind: 'throttled' }>;

/** A short rest is waited for here, and Step Functions' Retry goes on; for a long one the breaker is open, and the guard goes on. */
async function sitOut(
  deps: SubmitPaymentDeps,
  payout: Payout,
  throttled: Throttled,
  notAfterMs: number,
): Promise<Submission> {
  if (isLong(throttled)) return heldBack(deps, payout, 'breaker');
  const restMs = (throttled.retryAfterSeconds ?? 0) * 1000;
  if (deps.nowMs() + restMs < notAfterMs) await deps.wait(restMs);
  throw new MonoovaThrottledError(`${payout.transaction_id}: Monoova takes no more calls for now.`);
}

/** `Pending` is Monoova's word that there is nothing to look up yet; after `Ok` or a repeat one look-up tells how it ended. */
function wasReceived(result: ExecuteResult): boolean {
  return result.kind === 'already-received' || (result.kind === 'accepted' && result.code === 'Ok');
}

type Taught = Pick<Fact, 'kind' | 'detail' | 'monoova_transaction_id'>;

function factOf(result: ExecuteResult): Taught {
  switch (result.kind) {
    case 'accepted':
    case 'already-received': {
      const { code, monoovaTransactionId } = result;
      const fact = { kind: 'accepted', detail: code } as const;
      return monoovaTransactionId === undefined ? fact : { ...fact, monoova_transaction_id: monoovaTransactionId };
    }
    case 'declined':
      return { kind: 'declined', detail: result.code };
    case 'credentials-refused':
      return { kind: 'unreceived', detail: result.code };
    case 'throttled':
      return { kind: 'unreceived', detail: 'HTTP 429' };
    case 'unsent':
    case 'unreachable':
      return { kind: 'unreceived', detail: result.detail };
    case 'unanswered':
      return { kind: 'unanswered', detail: result.detail };
  }
}

/** @param known the record where this attempt has just written it, which spares a read */
async function apply(
  deps: SubmitPaymentDeps,
  { payout, attempt }: Attempt,
  taught: Taught,
  known?: Payout,
): Promise<Payout> {
  const observed_at = new Date(deps.nowMs()).toISOString();
  const fact: Fact = { ...taught, source: 'submission', observed_at, attempt, ...roundOfFact(payout) };
  const settled = await settle(deps, payout.transaction_id, fact, known);
  if (settled.outcome === 'no-such-payout') throw new PayoutNotFoundError(`${payout.transaction_id} is gone.`);
  return settled.payout;
}

function count(deps: SubmitPaymentDeps, result: ExecuteResult): void {
  if (result.kind === 'unsent') return;
  const metric = {
    accepted: 'PayoutSubmitted',
    'already-received': 'PayoutSubmitted',
    declined: 'PayoutDeclined',
    'credentials-refused': 'MonoovaCredentialsRefused',
    throttled: 'MonoovaThrottled',
    unreachable: 'MonoovaUnreachable',
    unanswered: 'SubmissionUnanswered',
  } as const;
  deps.metrics.count(metric[result.kind]);
  if (result.kind === 'unanswered' && result.isKeyDoubted) deps.metrics.count('MonoovaCredentialsRefused');
}
