import { isEscalated, isFinal, openPosts, type Payout, roundOf, STATUSES } from '../../../domain/payout.ts';
import type { Answer } from '../../../domain/problem.ts';
import type { ResubmissionMode } from '../../../domain/submission-rule.ts';
import type { HttpRequest } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import type { Intent } from '../clients/intent.ts';
import type { Item } from '../database/stored-value.ts';
import type { DailyLimits } from '../limits.ts';
import type { Bank, Payment } from '../monoova/bank.ts';
import type { Claim, ToldReturn, Webhook } from '../monoova/webhooks.ts';
import type { Surroundings } from '../surroundings.ts';
import { Holds } from './holds.ts';
import { brokenRules } from './record-rules.ts';
import { type Truth, unheardClaimOf, untruthOf } from './truth.ts';

export type ChecksDeps = {
  readonly around: Surroundings;
  readonly mode: ResubmissionMode;
  readonly bank: () => Bank;
  readonly payoutOf: (transactionId: string) => Payout | undefined;
  readonly payouts: () => readonly Payout[];
  readonly limits: DailyLimits;
  /** Called when a guard has given a payout to a person. */
  readonly onEscalated: (transactionId: string) => void;
  readonly runningExecutions: () => ReadonlySet<ExecutionRecord>;
  /** A webhook about this reference waits to be applied, or is with a person. */
  readonly isInQueue: (uniqueReference: string) => boolean;
  /** What Monoova's report says of the returns that it told from a moment on. */
  readonly returnsSince: (ms: number) => readonly ToldReturn[];
};

/** What became of one payout, for the figures. */
export type PayoutEnd = {
  readonly status: Payout['status'];
  /** From recording to the first final status; undefined for one that has none. */
  readonly finalAfterMs: number | undefined;
  /** Escalated, or in conflict. */
  readonly needsPerson: boolean;
};

const ACCEPTED_STATUS = 202;
/** Answers that refuse nothing: the payout as it stands, or that it cannot be told just now. */
const NO_REFUSALS: ReadonlySet<string> = new Set(['declined', 'outcome_unknown', 'unavailable']);
const EXECUTE = '/transaction/execute';
const PUBLIC_KEY = '/certificate/public-key';
const ESCALATED_ERROR = 'PayoutEscalated';
/** With which machines end on purpose. */
const EXPECTED_ERRORS: ReadonlySet<string> = new Set([
  ESCALATED_ERROR,
  'ReconciliationBroken',
  'ReconciliationRefused',
]);
const SETTLEMENT = '-settlement';
type Shown = { readonly transaction_id: string; readonly status: Payout['status'] };

function rankOf(status: Payout['status']): number {
  return STATUSES.indexOf(status);
}

const NOTHING: ReadonlySet<Claim['state']> = new Set();

/** Watches a world: every change, every answer and every end, as they happen. */
export class Checks {
  readonly holds = new Holds();
  readonly #deps: ChecksDeps;
  readonly #sent = new Map<string, Set<Claim['state']>>();
  readonly #received = new Map<string, Set<Claim['state']>>();
  /** The round in which a guard last gave the payout to a person. */
  readonly #escalated = new Map<string, number>();
  readonly #finalAtMs = new Map<string, number>();
  /** The payout that an intent was answered with, by the intent's name. */
  readonly #answered = new Map<string, string>();
  /** Whose payout a reference is, also where a rebuilt record does not say so. Each client of a run has one customer of its own. */
  readonly #customers = new Map<string, string>();
  /** When requests, by their intents' names, were first answered 202, in virtual milliseconds. */
  readonly #acceptedAtMs = new Map<string, number>();
  #isRestored = false;
  #restoredToMs = Number.POSITIVE_INFINITY;
  #restoredAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ChecksDeps) {
    this.#deps = deps;
  }

  onRecord(before: Item | undefined, after: Item | undefined): void {
    const { mode, around } = this.#deps;
    const nowMs = around.time.nowMs();
    const id = String((after ?? before)?.['transaction_id']);
    for (const [invariant, words] of brokenRules(before, after, { mode, nowMs }))
      this.#found(invariant, `${id}: ${words}`);
    if (!after) return;
    if (after['customer_id'] !== undefined) {
      this.#customers.set(String(after['uniqueReference']), String(after['customer_id']));
    }
    const overLimit = before ? undefined : this.#deps.limits.brokenBy(after);
    if (overLimit !== undefined) this.#found('nothing is recorded over a daily limit', `${id}: ${overLimit}`);
    const payout = after as unknown as Payout;
    if (!isFinal(payout.status)) return;
    if (!this.#finalAtMs.has(id)) this.#finalAtMs.set(id, nowMs);
    if (before?.['status'] !== payout.status) this.#checkTruth(payout);
  }

  /** The item of a daily limit, or any other of its table. */
  onCounter(after: Item | undefined): void {
    const broken = after && this.#deps.limits.tooLittleIn(after);
    if (broken !== undefined) this.#found('a daily counter never holds too little', broken);
  }

  /** A call to Monoova that begins now. Its signing key is nobody's secret, and held back by nothing. */
  onCall({ method, url }: HttpRequest): void {
    if (url.endsWith(PUBLIC_KEY)) return;
    const { time, violated } = this.#deps.around;
    const broken = this.holds.brokenBy(method === 'POST' && url.endsWith(EXECUTE) ? 'post' : 'other', time.nowMs());
    if (broken !== undefined) violated(broken, `${method} ${url}`);
  }

  onTaken(payment: Payment): void {
    this.#countPayments(payment);
    const payout = this.#deps.payoutOf(`txn-${payment.uniqueReference}`);
    const where = `payment ${payment.ordinal} of ${payment.uniqueReference}`;
    // What was on its way while the table was restored may have lost its record, or found an older one.
    if (this.#isRestored) return;
    if (!payout) {
      this.#found('record before calling', `${where} has no record`);
      return;
    }
    const customerId = this.#customers.get(payment.uniqueReference) ?? '';
    if (payout.status === 'Failed') this.#found('never Failed when money moved', where);
    if (payout.posts < 1) this.#found('the fence stands before the POST', `${where}: posts is ${payout.posts}`);
    if (payout.amount_cents !== payment.amountCents) this.#found('the amount is paid that was asked for', where);
    if (!JSON.stringify(payment.payee).includes(`Vorpal Blade ${customerId.slice('cust-'.length)}`)) {
      this.#found('the customer is paid', where);
    }
  }

  /**
   * The table has forgotten what it had heard since. What Monoova's status tells comes back by itself, and a claim that it does not
   * repeat was none of the truth; returns come back because the rebuild sends for them.
   */
  onRestored(ms: number): void {
    this.#isRestored = true;
    this.#restoredToMs = ms;
    this.#restoredAtMs = this.#deps.around.time.nowMs();
    this.#received.clear();
  }

  onSent({ claims }: Webhook): void {
    if (claims) note(this.#sent, claims);
  }

  onReceived({ claims }: Webhook): void {
    if (!claims) return;
    note(this.#received, claims);
    const payout = this.#deps.payoutOf(`txn-${claims.uniqueReference}`);
    if (payout) this.#checkHeard(payout);
  }

  /** What was answered 200 is in the record, or in the queue, where it ends with a person at the latest. */
  #checkHeard(payout: Payout): void {
    const { uniqueReference } = payout;
    const unheard = unheardClaimOf(payout, this.#truthOf(payout));
    if (unheard === undefined || this.#deps.isInQueue(uniqueReference)) return;
    this.#found('what was received is known', `${uniqueReference}: ${unheard}`);
  }

  /** A return that was delivered again by then is known again. One that Monoova cannot deliver any more was told to a person. */
  #checkRemembered({ uniqueReference, status, conflict }: Payout): void {
    if (!this.#isRestored || status === 'Returned' || conflict === true || this.#deps.isInQueue(uniqueReference))
      return;
    const told = this.#deps.returnsSince(this.#restoredToMs).filter((one) => one.uniqueReference === uniqueReference);
    if (!told.some(({ isReceived }) => isReceived)) return;
    this.#found('a return is not lost with the table', `${uniqueReference} is ${status}`);
  }

  /**
   * The same request came again: once it was answered with its payout, no later check may refuse it. One that came while the first was
   * still being looked at may be: nothing was accepted yet when its limit was asked for.
   */
  onAnswerAgain(
    { name }: Intent,
    { statusCode, body }: Answer,
    { begunAtMs, nowMs }: { begunAtMs: number; nowMs: number },
  ): void {
    const acceptedAtMs = this.#acceptedAtMs.get(name);
    if (statusCode === ACCEPTED_STATUS) {
      this.#acceptedAtMs.set(name, Math.min(acceptedAtMs ?? nowMs, nowMs));
      return;
    }
    const { code = '' } = JSON.parse(body) as { code?: string };
    if (acceptedAtMs === undefined || begunAtMs < acceptedAtMs || this.#isRestored || NO_REFUSALS.has(code)) return;
    this.#found(
      'no later check turns a replay into an error',
      `${name} was accepted, and is answered ${statusCode} ${code}`,
    );
  }

  /** A replay that was under way when the table was restored has read what is lost now, and says so; the next one meets what is rebuilt. */
  onAnswer(intent: Intent, { statusCode, body }: Answer, begunAtMs: number): void {
    if (statusCode !== 202 && statusCode !== 422) return;
    const { transaction_id: id, code } = JSON.parse(body) as { transaction_id?: string; code?: string };
    if (statusCode === 422 && code !== 'declined') return;
    if (id === undefined) {
      this.#found('an answer names its payout', body);
      return;
    }
    const known = this.#answered.get(intent.name) ?? id;
    this.#answered.set(intent.name, known);
    if (known !== id) this.#found('one request is one payout', `${intent.name} is ${known} and ${id}`);
    const payout = this.#deps.payoutOf(id);
    if (!payout) {
      if (begunAtMs < this.#restoredAtMs) return;
      this.#found('every 202 has a payout', id);
      return;
    }
    if (statusCode === 422 && payout.status !== 'Failed' && !payout.conflict) {
      this.#found('declined is Failed', `${id} is ${payout.status}`);
    }
    this.#checkOwner(payout);
  }

  /**
   * What a client is shown of its payouts. A payout by its id is read consistently; a list may lag behind, and never shows what is
   * not yet.
   * @param before the payout as it stood when the question was asked; undefined for a list
   */
  onShown(before: Payout | undefined, { statusCode, body }: Answer): void {
    if (statusCode !== 200) return;
    const told = JSON.parse(body) as Shown & { readonly payouts?: readonly Shown[] };
    for (const { transaction_id: id, status } of told.payouts ?? [told]) {
      const now = this.#deps.payoutOf(id);
      const isTooLow = before !== undefined && rankOf(status) < rankOf(before.status);
      const isTooHigh = now !== undefined && rankOf(status) > rankOf(now.status);
      if (isTooLow || isTooHigh) {
        this.#found(
          'a client is shown what is',
          `${id} is shown as ${status}: ${before?.status} before, ${now?.status} now`,
        );
      }
    }
  }

  onClosed({ stateMachineArn, name, status, error }: ExecutionRecord): void {
    if (status === 'FAILED' && !EXPECTED_ERRORS.has(error ?? '')) {
      this.#found('every execution ends in an answer', `${stateMachineArn} ${name}: ${error}`);
    }
    if (!stateMachineArn.endsWith(SETTLEMENT)) return;
    if (error === ESCALATED_ERROR) {
      const escalated = this.#deps.payoutOf(idOf(name));
      this.#escalated.set(idOf(name), escalated ? roundOf(escalated) : 0);
      this.#deps.onEscalated(idOf(name));
    }
    if (status === 'TIMED_OUT') this.#found('every wait ends', `the guard ${name} timed out as a whole`);
    const payout = this.#deps.payoutOf(idOf(name));
    if (payout) this.#checkOwner(payout);
  }

  /** Open payouts that nobody owns: what reconciliation is for. */
  hasOrphans(): boolean {
    return this.#deps.payouts().some((payout) => !this.#hasOwner(payout));
  }

  /** What can only be said when nothing more will happen. */
  atEnd(): PayoutEnd[] {
    for (const { executionArn } of this.#deps.runningExecutions()) this.#found('every execution ends', executionArn);
    return this.#deps.payouts().map((payout) => {
      const { transaction_id: id, status, conflict, created_at } = payout;
      if (!this.#hasOwner(payout)) this.#found('reconciliation finds what nobody owns', id);
      this.#checkTruth(payout);
      this.#checkHeard(payout);
      this.#checkRemembered(payout);
      const finalAtMs = this.#finalAtMs.get(id);
      return {
        status,
        finalAfterMs: finalAtMs === undefined ? undefined : finalAtMs - Date.parse(created_at),
        needsPerson: conflict === true || this.#isWithPerson(payout),
      };
    });
  }

  /** Every client asks for one payout, under as many references as a defect of ours may make of it. */
  #countPayments({ uniqueReference, ordinal }: Payment): void {
    const customerId = this.#customers.get(uniqueReference);
    const payments = this.#deps.bank().all();
    const paid = payments.filter((payment) => this.#customers.get(payment.uniqueReference) === customerId).length;
    if (paid <= 1) return;
    this.#found('at most one payment for each payout', `${paid} now: payment ${ordinal} of ${uniqueReference}`);
  }

  #checkTruth(payout: Payout): void {
    const untruth = untruthOf(payout, this.#truthOf(payout));
    if (untruth !== undefined) this.#found("a final status is Monoova's truth", `${payout.transaction_id}: ${untruth}`);
  }

  /**
   * Final, or with a person, or guarded. Or never sent to anybody: a guard that could not be started leaves the payout to a
   * repeat of the request and to reconciliation, and must not have paid.
   */
  #checkOwner(payout: Payout): void {
    if (this.#hasOwner(payout) || this.#isRestored) return;
    const { transaction_id: id, last_posted_at } = payout;
    // A resend that was allowed and not used is like a payout that was never sent.
    const isUnsent = last_posted_at === undefined || (roundOf(payout) > 0 && openPosts(payout) === 0);
    if (!isUnsent) this.#found('every open payout has an owner', `${id} was sent, and nobody guards it`);
  }

  #hasOwner(payout: Payout): boolean {
    const { transaction_id: id, status } = payout;
    if (isFinal(status) || this.#isWithPerson(payout)) return true;
    return [...this.#deps.runningExecutions()].some(({ name }) => idOf(name) === id);
  }

  #isWithPerson(payout: Payout): boolean {
    return isEscalated(payout) || (this.#escalated.get(payout.transaction_id) ?? -1) >= roundOf(payout);
  }

  #truthOf({ uniqueReference }: Payout): Truth {
    return {
      payments: this.#deps.bank().paymentsOf(uniqueReference),
      sent: this.#sent.get(uniqueReference) ?? NOTHING,
      received: this.#received.get(uniqueReference) ?? NOTHING,
    };
  }

  #found(invariant: string, words: string): void {
    this.#deps.around.violated(invariant, words);
  }
}

function note(claims: Map<string, Set<Claim['state']>>, { uniqueReference, state }: Claim): void {
  const known = claims.get(uniqueReference);
  if (known) known.add(state);
  else claims.set(uniqueReference, new Set([state]));
}

/** A later guard's name has a number behind the transaction id. */
function idOf(executionName: string): string {
  return executionName.slice(0, 'txn-00000000-0000-0000-0000-000000000000'.length);
}
