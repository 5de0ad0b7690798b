import type { Behaviour, PaymentStatusText, WebhookPlan } from './behaviours.ts';
import type { Ledger, Payment } from './ledger.ts';
import { paymentStatusBody, returnBody } from './notifications.ts';
import { printedPayee } from './payout.ts';
import type { Settings } from './settings.ts';
import type { StoppableTime } from './time.ts';
import type { Webhooks } from './webhooks.ts';

const DEFAULT_REASON = 'ACCOUNT CLOSED';
const WHOLE: readonly number[] = [100];
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

  /** One part after the other, each after the same delay; the last one brings what rounding has left. */
  #returnLater(payment: Payment, reason: string, behaviour: Behaviour): void {
    const shares = behaviour.returns ?? WHOLE;
    for (const [index, share] of shares.entries()) {
      const isRest = index === shares.length - 1 && shares.reduce((sum, one) => sum + one, 0) >= 100;
      const cents = isRest ? payment.amountCents : Math.floor((payment.amountCents * share) / 100);
      this.#time.after((index + 1) * this.#settings.returnDelayMs, () => {
        this.#return(payment, { cents, reason, isTold: behaviour.webhooks?.length !== 0 });
      });
    }
  }

  #return({ transactionId }: Payment, part: { cents: number; reason: string; isTold: boolean }): void {
    const returned = this.#ledger.returnToSender(transactionId, part.reason, part.cents);
    if (!returned || !part.isTold) return;
    const { payment, cents } = returned;
    const body = returnBody(payment, cents, this.#time.nowMs());
    void this.#webhooks.notify('NppReturn', payment.uniqueReference, body, {});
  }
}
