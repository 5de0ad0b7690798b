import type { Behaviour, PaymentStatusText, WebhookPlan } from './behaviours.ts';
import type { Ledger, Payment } from './ledger.ts';
import { paymentStatusBody, returnBody } from './notifications.ts';
import { printedPayee } from './payout.ts';
import type { Settings } from './settings.ts';
import type { StoppableTime } from './time.ts';
import type { Webhooks } from './webhooks.ts';

const DEFAULT_REASON = 'ACCOUNT CLOSED';
const ONE_TRUE_WEBHOOK: readonly WebhookPlan[] = [{}];

/** Carries a taken payment to its outcome and tells the subscriber. */
export class Settlement {
  readonly #time: StoppableTime;
  readonly #ledger: Ledger;
  readonly #webhooks: Webhooks;
  readonly #settings: Settings;

  constructor(deps: { time: StoppableTime; ledger: Ledger; webhooks: Webhooks; settings: Settings }) {
    this.#time = deps.time;
    this.#ledger = deps.ledger;
    this.#webhooks = deps.webhooks;
    this.#settings = deps.settings;
  }

  /** Resolves when the execute answer may go out: at once, unless the behaviour settles before its answer. */
  async begin(payment: Payment, behaviour: Behaviour): Promise<void> {
    this.#webhooks.prepare();
    if (behaviour.outcome === 'instant') {
      this.#ledger.complete(payment.transactionId, this.#time.nowMs());
      void this.#tell(payment, behaviour.webhooks ?? []);
      return;
    }
    if (behaviour.settleBeforeAnswer) {
      await this.#settle(payment, behaviour);
      return;
    }
    const delayMs = behaviour.settleAfterMs ?? this.#settings.webhookDelayMs;
    this.#time.after(delayMs, () => void this.#settle(payment, behaviour));
  }

  async #settle(payment: Payment, behaviour: Behaviour): Promise<void> {
    const outcome = behaviour.outcome ?? 'completed';
    const nowMs = this.#time.nowMs();
    const reason = (behaviour.reason ?? DEFAULT_REASON).replaceAll('{payee}', printedPayee(payment.payee));
    if (outcome === 'never-final') {
      await this.#tell(payment, behaviour.webhooks ?? []);
      return;
    }
    const settled =
      outcome === 'rejected'
        ? this.#ledger.reject(payment.transactionId, reason, nowMs)
        : this.#ledger.complete(payment.transactionId, nowMs);
    if (!settled) return;
    if (outcome === 'returned') this.#returnLater(settled, reason, behaviour);
    await this.#tell(settled, behaviour.webhooks ?? ONE_TRUE_WEBHOOK);
  }

  async #tell(payment: Payment, plans: readonly WebhookPlan[]): Promise<void> {
    const truth: PaymentStatusText = payment.state === 'Rejected' ? 'Rejected' : 'Payment Successful';
    const sends = plans.map(async (plan) => {
      await this.#time.wait(plan.afterMs ?? 0);
      const body = paymentStatusBody(payment, plan.status ?? truth, this.#time.nowMs());
      await this.#webhooks.notify('NppPaymentStatus', payment.uniqueReference, body, plan);
    });
    await Promise.all(sends);
  }

  #returnLater({ transactionId }: Payment, reason: string, behaviour: Behaviour): void {
    this.#time.after(this.#settings.returnDelayMs, () => {
      const returned = this.#ledger.returnToSender(transactionId, reason);
      if (!returned || behaviour.webhooks?.length === 0) return;
      const body = returnBody(returned, this.#time.nowMs());
      void this.#webhooks.notify('NppReturn', returned.uniqueReference, body, {});
    });
  }
}
