import * as z from 'zod';
import { areRecordsDoubted, type Controls } from '../../domain/controls.ts';
import { PayoutNotFoundError } from '../../domain/errors.ts';
import { knownOf } from '../../domain/escalation.ts';
import type { FactKind } from '../../domain/fact.ts';
import { guardNumberOf } from '../../domain/guard.ts';
import { isEscalated, isFinal, isKnownToMonoova, type Payout, roundOfFact } from '../../domain/payout.ts';
import { maySubmit, type ResubmissionPolicy } from '../../domain/submission-rule.ts';
import { passFor } from '../shared/gate.ts';
import { type LookedUp, type LookUpDeps, lookUpAndSettle, wasNeverSent } from '../shared/look-up.ts';
import type { Guards } from '../shared/ports.ts';
import { settle } from '../shared/settle.ts';

const eventSchema = z.object({
  transaction_id: z.string(),
  is_last: z.boolean(),
  execution_arn: z.string().default(''),
});

export type CheckSettlementDeps = LookUpDeps & { readonly policy: ResubmissionPolicy; readonly guards: Guards };

/** What a record says after a restore is only what it says. */
const RESTORED = 'Records were restored, and Monoova may know more than what this one says.';

/** `isDoubted`: the record may say less than what happened, and Monoova has not said that it knows nothing of it. */
type Seen = { readonly payout: Payout; readonly isDoubted: boolean };

/** As long as this function may run: until then a look-up that has to find out about a key keeps others out. */
export const INVOCATION_MS = 15_000;

/**
 * What the guard does next; the machine follows it without a thought of its own. `held`: it could not even ask, so that this wait does
 * not count. `known` is what a person is told.
 */
export type NextStep =
  | { readonly next: 'end' | 'submit' }
  | { readonly next: 'wait'; readonly held?: 'credentials' }
  | { readonly next: 'escalate'; readonly known: string };

/**
 * The guard's look at one payout: reads the record, asks Monoova where anything was ever sent, and decides. A pause and an open
 * breaker are no reason not to ask; a refused key is. Safe to repeat.
 * @throws {PayoutNotFoundError} There is no such record.
 * @throws {PayoutConflictError} Others kept writing; nothing was decided.
 */
export function createHandler(deps: CheckSettlementDeps): (event: unknown, attempt: string) => Promise<NextStep> {
  return async function checkSettlement(event, attempt) {
    const { transaction_id, is_last, execution_arn } = eventSchema.parse(event);
    const [found, controls] = await Promise.all([deps.store.read(transaction_id), deps.controls.read()]);
    if (!found) throw new PayoutNotFoundError(`${transaction_id} is not recorded.`);
    if (isFinal(found.status)) return { next: 'end' };
    const looked = await lookUpIfSent(deps, found, { controls, attempt, isLast: is_last });
    const payout = looked?.payout ?? found;
    if (isFinal(payout.status)) return { next: 'end' };
    const seen = { payout, isDoubted: areRecordsDoubted(controls, deps.nowMs()) && looked?.said !== 'not-found' };
    if (is_last) return isSucceeded(payout, execution_arn) ? handOver(deps, seen) : endPatience(deps, seen);
    if (!looked) return { next: 'wait', held: 'credentials' };
    return { next: maySubmit(payout, deps.policy, deps.nowMs()) ? 'submit' : 'wait' };
  };
}

/** A person who allows a resend starts another guard, maybe while this one still waits: then the patience that counts is the other's. */
function isSucceeded({ transaction_id, guards = 1 }: Payout, executionArn: string): boolean {
  const number = guardNumberOf(executionArn.split(':').at(-1) ?? '', transaction_id);
  return number !== undefined && number < guards;
}

/**
 * Whoever claimed the other's number may have failed before it was started. Nobody else would look after the payout until the next
 * reconciliation, and this guard may have sent it since: so it is started here, by its name, or found at work. Where it has ended and left the
 * payout open, this guard is the last.
 */
async function handOver(deps: CheckSettlementDeps, seen: Seen): Promise<NextStep> {
  const { transaction_id, guards = 1 } = seen.payout;
  const start = await deps.guards.start(transaction_id, guards);
  deps.log.info('Another guard looks after the payout.', { transaction_id, guard: guards, start });
  return start === 'ended' && !isEscalated(seen.payout) ? endPatience(deps, seen) : { next: 'end' };
}

/** Undefined where Monoova could not be asked, since it refuses the key. `said` is absent where there was nothing to ask. */
async function lookUpIfSent(
  deps: CheckSettlementDeps,
  found: Payout,
  { controls, attempt, isLast }: { readonly controls: Controls; readonly attempt: string; readonly isLast: boolean },
): Promise<(Pick<LookedUp, 'payout'> & Partial<LookedUp>) | undefined> {
  // While payouts are paused nothing is sent: of a record that is doubted only the last look has to know.
  const isDoubted = areRecordsDoubted(controls, deps.nowMs()) && (isLast || controls.paused_at === undefined);
  if (wasNeverSent(found) && !isDoubted) return { payout: found };
  const untilMs = deps.nowMs() + INVOCATION_MS;
  const pass = await passFor(deps, { call: 'look-up', attempt, controls, untilMs });
  return pass.kind === 'pass' ? lookUpAndSettle(deps, pass, found) : undefined;
}

/**
 * Where no POST is left that may have arrived, the end of patience is proof of Failed; otherwise a person has to find out. It proves nothing
 * at all where Monoova has said that it has the payment, or the record is doubted.
 */
async function endPatience(deps: CheckSettlementDeps, { payout, isDoubted }: Seen): Promise<NextStep> {
  const ended = isDoubted ? payout : await note(deps, payout, 'patience-ended', isKnownToMonoova);
  if (isFinal(ended.status)) return { next: 'end' };
  await note(deps, ended, 'escalated');
  deps.metrics.count('PayoutEscalated');
  deps.log.error('The outcome is unknown after the last look-up: a person has to find out.', {
    transaction_id: payout.transaction_id,
    posts: payout.posts,
  });
  return { next: 'escalate', known: isDoubted ? `${RESTORED} ${knownOf(ended)}` : knownOf(ended) };
}

async function note(
  deps: CheckSettlementDeps,
  payout: Payout,
  kind: FactKind,
  isMoot?: (now: Payout) => boolean,
): Promise<Payout> {
  const observed_at = new Date(deps.nowMs()).toISOString();
  const fact = { kind, source: 'settlement', observed_at, ...roundOfFact(payout) } as const;
  const settled = await settle(deps, payout.transaction_id, fact, undefined, isMoot);
  if (settled.outcome === 'no-such-payout') throw new PayoutNotFoundError(`${payout.transaction_id} is gone.`);
  return settled.payout;
}
