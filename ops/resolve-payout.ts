import { identityOf } from '../domain/fact.ts';
import type { Payout } from '../domain/payout.ts';
import type { TransactionId } from '../domain/reference.ts';
import { passFor } from '../functions/shared/gate.ts';
import { type LookedUp, type LookUpDeps, lookUpAndSettle } from '../functions/shared/look-up.ts';
import type { Guards } from '../functions/shared/ports.ts';
import { settle } from '../functions/shared/settle.ts';
import { startGuard } from '../functions/shared/start-guard.ts';
import { CommandError } from './errors.ts';
import { factOf, isResendUnused, type Resolution, refusalAfter, refusalOf } from './resolution.ts';
import { areTwoPeople } from './second-person.ts';

export type Asked = {
  readonly transactionId: TransactionId;
  readonly as: Resolution;
  /** Scrubbed. */
  readonly evidence: string;
  /** The ARN of the person who says it. */
  readonly by: string;
  /** Names this command among all who call Monoova. */
  readonly attempt: string;
};

export type Resolved = {
  readonly payout: Payout;
  /** The number of the guard that was started for a resend. */
  readonly guard?: number;
  /** Monoova has just said the same itself, so that no person needed to. */
  readonly isMonoovasWord?: true;
};

/** Longer than a look-up takes: until then one that has to find out about a key keeps others out. */
const COMMAND_MS = 15_000;

export type ResolveDeps = LookUpDeps & { readonly guards: Guards };

/**
 * Has a second person end a payout, or have it sent once more: checks who they are, asks Monoova at this very moment, writes the fact
 * through the one path that every fact takes, and for a resend starts another guard. Safe to repeat: what is known is not written
 * twice, and a resend that has not been used yet only gets another guard.
 * @throws {CommandError} that says why not, and what of it is written.
 */
export async function resolvePayout(deps: ResolveDeps, asked: Asked): Promise<Resolved> {
  const { payout, said } = await checked(deps, asked);
  if (said === asked.as) return { payout, isMonoovasWord: true };
  const settled = await say(deps, payout, asked);
  if (asked.as !== 'resend') return { payout: settled };
  const guard = await startGuard(deps, settled);
  if (guard !== undefined) return { payout: settled, guard };
  throw new CommandError(
    'it may be sent once more, but no guard was started: it has had all its guards, or it has just ended (payouts explain)',
  );
}

/** Reads it, asks Monoova, and refuses what must not be said. */
async function checked(deps: ResolveDeps, { transactionId, as, by, attempt }: Asked): Promise<LookedUp> {
  const found = await deps.store.read(transactionId);
  if (!found) throw new CommandError(`there is no payout ${transactionId} in this stage: check the id and the stage`);
  refuseSamePerson(found, by);
  refuse(refusalOf(found, as, deps.nowMs()));
  const answer = await askMonoova(deps, found, attempt);
  refuse(refusalAfter(answer, as));
  // A webhook may have come while Monoova was asked.
  if (answer.said !== as) refuse(refusalOf(answer.payout, as, deps.nowMs()));
  return answer;
}

/** A key that Monoova refuses is shown by nobody, and so not from here either. */
async function askMonoova(deps: ResolveDeps, payout: Payout, attempt: string): Promise<LookedUp> {
  const [controls, untilMs] = [await deps.controls.read(), deps.nowMs() + COMMAND_MS];
  const pass = await passFor(deps, { call: 'look-up', attempt, controls, untilMs });
  return pass.kind === 'pass' ? lookUpAndSettle(deps, pass, payout) : { payout, said: 'credentials-refused' };
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new CommandError(reason);
}

function refuseSamePerson({ requested_by }: Payout, by: string): void {
  if (requested_by === undefined) {
    throw new CommandError(
      'who asked for this payout is not known any more (its record was rebuilt), so nobody can be told to be a second person: docs/runbook.md',
    );
  }
  if (areTwoPeople(requested_by, by)) return;
  throw new CommandError(
    `it takes a second person: ${by} is not known to be another than ${requested_by}, who asked for it`,
  );
}

async function say(deps: ResolveDeps, payout: Payout, { as, evidence, by }: Asked): Promise<Payout> {
  if (as === 'resend' && isResendUnused(payout)) return payout;
  const fact = factOf(payout, as, { by, evidence, nowMs: deps.nowMs() });
  const settled = await settle(deps, payout.transaction_id, fact);
  if (settled.outcome === 'no-such-payout') throw new CommandError(`${payout.transaction_id} is gone`);
  if (settled.payout.history.some((known) => identityOf(known) === identityOf(fact))) return settled.payout;
  throw new CommandError(
    'it was sent to Monoova while you spoke, of which your evidence knows nothing: nothing was written',
  );
}
