import type { JsonObject, JsonValue } from '../../../local/json.ts';
import { DELIVERY_FAULTS } from '../faults.ts';
import type { Surroundings } from '../surroundings.ts';
import { latencyMs } from '../surroundings.ts';
import { nameOf, type Payment, type PaymentState } from './bank.ts';
import { signatureOf } from './signing-key.ts';

/** A webhook on its way, as it leaves Monoova. */
export type Webhook = {
  readonly name: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it claims; undefined for one that is not Monoova's or says nothing of a payment of ours. */
  readonly claims: Claim | undefined;
};

export type Claim = { readonly uniqueReference: string; readonly state: Exclude<PaymentState, 'Pending'> };

export type WebhookDeps = {
  readonly around: Surroundings;
  readonly token: string;
  /** Shares of webhooks that never come: 0, a half or all, by run. */
  readonly lostShare: number;
  /** Runs the function behind the API; `respond` is told the HTTP status. */
  readonly deliver: (webhook: Webhook, name: string, respond: (status: number) => void) => void;
  /** Called with what left Monoova, whether it arrives or not. */
  readonly onSent: (webhook: Webhook) => void;
  /** Called when 200 came back. */
  readonly onReceived: (webhook: Webhook) => void;
};

const RECEIVED = 200;
/** "we will retry one more time only, after a 30 second pause". */
const REPEATED_AFTER_MS = 30_000;
const TRIES_MAX = 2;
const SOON_MS = { min: 1, max: 4_000 } as const;
const LATE_MS = { min: 60_000, max: 3 * 86_400_000 } as const;
/** A signature costs half a millisecond, and one webhook in so many shows all that there is to see. */
const SIGNED_SHARE = 0.1;

const ODD_KINDS = [
  'late',
  'twice',
  'again later',
  'contradictory',
  'another amount',
  'a stranger',
  'nobody',
  'unreadable',
  /** Whoever has got hold of the token, and not of Monoova's key. */
  'forged',
  /** Of our form, and of no payout that anybody knows. */
  'an orphan',
] as const;

const CLAIMED = { Complete: 'Payment Successful', Rejected: 'Rejected' } as const;

/** A webhook as Monoova's report of a day has it. */
export type Notification = {
  readonly webhookId: number;
  readonly eventName: 'NppPaymentStatus' | 'NppReturn';
  readonly webhook: Webhook;
  readonly atMs: number;
  isReceived: boolean;
  retryCount: number;
};

export type ToldReturn = {
  readonly uniqueReference: string;
  readonly isReceived: boolean;
  readonly isFailing: boolean;
};

const FIRST_ID = 5_001;
/** Of a webhook that failed so often, reconciliation tells a person (functions/reconcile/resend-webhooks.ts). */
const RETRIES_TOLD = 6;
/** Of the webhooks that never came, so many were sent and lost on their way, which Monoova knows. */
const REPORTED_SHARE = 0.5;

/** Tells of payments: as a rule once and soon, now and then in every other way. */
export class Webhooks {
  readonly #deps: WebhookDeps;
  readonly #notifications: Notification[] = [];

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
  }

  tell(payment: Payment): void {
    const { state } = payment;
    if (state === 'Pending') return;
    const name = `${nameOf(payment)} webhook ${state}`;
    const { gate } = this.#deps.around;
    const kinds = ['never'];
    const rate = this.#deps.lostShare;
    const isLost = gate.at({ name: `${name} lost`, label: 'monoova: webhook comes', service: 'bank', kinds, rate });
    const told = webhookOf(payment, state, name);
    if (isLost) {
      if (this.#deps.around.chance.unit(`${name} reported`) < REPORTED_SHARE) this.#note(told).retryCount = 1;
      return;
    }
    const odd = gate.at({
      name: `${name} odd`,
      label: 'monoova: webhook is odd',
      service: 'bank',
      kinds: ODD_KINDS,
      rate: 0.25,
    });
    if (odd !== 'late') this.#send(told, this.#afterMs(name, SOON_MS));
    this.#oddly(odd, payment, told);
  }

  /** What is sent beside the truth, and when; `late` is the truth itself. */
  #oddly(odd: string | undefined, payment: Payment, told: Webhook): void {
    if (odd === undefined) return;
    const name = `${told.name} ${odd}`;
    const isLate = odd === 'late' || odd === 'again later';
    this.#send(this.#oddOne(odd, payment, { ...told, name }), this.#afterMs(name, isLate ? LATE_MS : SOON_MS));
  }

  #oddOne(odd: string, payment: Payment, told: Webhook): Webhook {
    const { name } = told;
    switch (odd) {
      case 'contradictory':
        return webhookOf(payment, payment.state === 'Rejected' ? 'Complete' : 'Rejected', name);
      case 'another amount':
        return { ...webhookOf(payment, 'Complete', name, { Amount: 0.01 }), claims: undefined };
      case 'unreadable':
        return { ...told, body: told.body.slice(0, -1), claims: undefined };
      case 'a stranger':
        return { ...webhookOf(payment, 'Rejected', name), headers: STRANGER, claims: undefined };
      case 'forged': {
        const forged = webhookOf(payment, 'Rejected', name);
        return {
          ...forged,
          headers: { 'Verification-Signature': signatureOf(Buffer.from(told.body)) },
          claims: undefined,
        };
      }
      case 'an orphan':
        return {
          ...webhookOf(payment, 'Complete', name, { UniqueReference: orphanOf(payment.uniqueReference) }),
          claims: undefined,
        };
      case 'nobody':
        return {
          ...webhookOf(payment, 'Complete', name, { UniqueReference: 'somebody-elses-reference' }),
          claims: undefined,
        };
      default:
        return told;
    }
  }

  #afterMs(name: string, { min, max }: { readonly min: number; readonly max: number }): number {
    return Math.round(this.#deps.around.chance.spread(`${name} is sent`, min, max));
  }

  /** What Monoova knows of each webhook, oldest first. */
  notifications(): readonly Notification[] {
    return this.#notifications;
  }

  /** Returns that were told from a moment on, each with whether it arrived when it was last sent, or is failing for good. */
  returnsSince(ms: number): ToldReturn[] {
    const returns = this.#notifications.filter(
      ({ webhook, atMs }) => webhook.claims?.state === 'Returned' && atMs >= ms,
    );
    return returns.map(({ webhook, isReceived, retryCount }) => ({
      uniqueReference: webhook.claims?.uniqueReference ?? '',
      isReceived,
      isFailing: !isReceived && retryCount >= RETRIES_TOLD,
    }));
  }

  /** Sends a webhook once more, a moment later. False for one that nobody knows. Assumption: the report speaks of its last delivery. */
  resend(webhookId: number): boolean {
    const known = this.#notifications.find((notification) => notification.webhookId === webhookId);
    if (!known) return false;
    known.retryCount += 1;
    known.isReceived = false;
    const name = `${known.webhook.name} resent ${known.retryCount}`;
    this.#deps.onSent(known.webhook);
    const again = this.#authorised({ ...known.webhook, name });
    this.#deps.around.time.after(this.#afterMs(name, SOON_MS), () => this.#deliver(known, again, TRIES_MAX));
    return true;
  }

  #send(webhook: Webhook, afterMs: number): void {
    this.#deps.onSent(webhook);
    const notification = this.#note(webhook);
    this.#deps.around.time.after(afterMs, () => this.#deliver(notification, this.#authorised(webhook), 1));
  }

  #note(webhook: Webhook): Notification {
    const webhookId = FIRST_ID + this.#notifications.length;
    const eventName = webhook.body.includes('ReturnDate') ? 'NppReturn' : 'NppPaymentStatus';
    const atMs = this.#deps.around.time.nowMs();
    const notification: Notification = { webhookId, eventName, webhook, atMs, isReceived: false, retryCount: 0 };
    this.#notifications.push(notification);
    return notification;
  }

  #authorised(webhook: Webhook): Webhook {
    const isSigned = this.#deps.around.chance.unit(`${webhook.name} signed`) < SIGNED_SHARE;
    const signature = isSigned ? { 'Verification-Signature': signatureOf(Buffer.from(webhook.body)) } : {};
    return { ...webhook, headers: { Authorization: `Bearer ${this.#deps.token}`, ...signature, ...webhook.headers } };
  }

  #deliver(notification: Notification, webhook: Webhook, tries: number): void {
    const { around, deliver, onReceived } = this.#deps;
    const name = `${webhook.name} ${tries}`;
    const takesMs = latencyMs(around.chance, name);
    const heard = (status: number) => {
      around.trace.note(name, () => `is answered ${status}`);
      if (status === RECEIVED) {
        notification.isReceived = true;
        return onReceived(webhook);
      }
      if (tries >= TRIES_MAX) return;
      notification.retryCount += 1;
      around.time.after(REPEATED_AFTER_MS, () => this.#deliver(notification, webhook, tries + 1));
    };
    const run = (respond: (status: number) => void) => deliver(webhook, name, respond);
    const fault = around.gate.at({ name, label: 'monoova: webhook', service: 'api', kinds: DELIVERY_FAULTS });
    switch (fault) {
      case undefined:
        return void around.time.after(takesMs, () => run(heard));
      case 'refused':
        return void around.time.after(takesMs, () => heard(503));
      case 'unheard':
        return void around.time.after(takesMs, () => run(() => heard(0)));
      case 'late':
        around.time.after(REPEATED_AFTER_MS, () => heard(0));
        return void around.time.after(this.#afterMs(name, LATE_MS), () => run(() => undefined));
      default:
        throw new Error(`A delivery does not know the fault ${fault}`);
    }
  }
}

/** Another reference of the same form. */
function orphanOf(uniqueReference: string): string {
  return uniqueReference.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
}

const STRANGER = { Authorization: 'Bearer a-strangers-token' };

function webhookOf(payment: Payment, state: Claim['state'], name: string, fields: JsonObject = {}): Webhook {
  const { uniqueReference, number, amountCents } = payment;
  const common = {
    UniqueReference: uniqueReference,
    TransactionId: number,
    Amount: amountCents / 100,
    ...payeeOf(payment),
  };
  const body =
    state === 'Returned'
      ? {
          ReturnDate: '2026-11-23T10:00:00',
          ReturnReason: quoting(payment),
          ReturnTransactionId: number + 1,
          ...common,
        }
      : {
          Status: CLAIMED[state],
          RejectionReasonDescription: state === 'Rejected' ? quoting(payment) : null,
          ...common,
        };
  return { name, body: JSON.stringify({ ...body, ...fields }), headers: {}, claims: { uniqueReference, state } };
}

function payeeOf({ payee }: Payment): JsonObject {
  const { bsbNumber, accountNumber, accountName, payId, payIdType } = payee;
  const field = (value: JsonValue | undefined) => value ?? null;
  return {
    Bsb: field(bsbNumber),
    AccountNumber: field(accountNumber),
    AccountName: field(accountName),
    PayId: field(payId),
    PayIdType: field(payIdType),
  };
}

/** Banks quote whom they could not pay. */
function quoting({ payee }: Payment): string {
  return `ACCOUNT CLOSED ${payee['accountNumber'] ?? payee['payId']} ${payee['accountName']}`;
}
