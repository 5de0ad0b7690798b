import type { HttpOutcome, HttpRequest } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { JsonObject } from '../../../local/json.ts';
import { sydneyDate, sydneyDateTime } from '../../../local/monoova/sydney.ts';
import type { Surroundings } from '../surroundings.ts';
import { answer, coded, statusFields } from './answers.ts';
import { type Bank, nameOf, type Payment } from './bank.ts';
import type { Webhooks } from './webhooks.ts';

type Answer = Extract<HttpOutcome, { kind: 'answer' }>;

const BEHIND_RATE = 0.1;
const BEHIND_MS = { min: 60_000, max: 12 * 3_600_000 } as const;
const OK = { durationMs: 5, status: 'Ok', statusDescription: 'Operation completed successfully' };

/** Monoova's lists of a Sydney day: what reconciliation reads. */
export class Books {
  readonly #around: Surroundings;
  readonly #bank: Bank;
  readonly #webhooks: () => Webhooks;
  /** No source says whether the day of a payment is that of its request or of its end, so that runs differ. */
  readonly #isByEnd: boolean;
  /** Nor whether, by the day of the end, what has not ended is listed at all. */
  readonly #listsOpen: boolean;

  constructor(around: Surroundings, bank: Bank, webhooks: () => Webhooks) {
    const { chance } = around;
    this.#around = around;
    this.#bank = bank;
    this.#webhooks = webhooks;
    this.#isByEnd = chance.unit('books go by the end of a payment') < 0.5;
    this.#listsOpen = !this.#isByEnd || chance.unit('books list what has not ended') < 0.5;
  }

  /** Undefined where the request is for no list. */
  answer({ url }: HttpRequest): Answer | undefined {
    const { pathname, searchParams } = new URL(url);
    const [, from, to] = /\/financial\/v2\/status\/(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/.exec(pathname) ?? [];
    if (from !== undefined && to !== undefined) return this.#statuses(from, to);
    const [, day] = /\/reports\/v1\/statement\/(\d{4}-\d\d-\d\d)$/.exec(pathname) ?? [];
    if (day !== undefined) return this.#statement(day);
    const [, reported] = /\/subscriptions\/v1\/report\/(\d{4}-\d\d-\d\d)$/.exec(pathname) ?? [];
    const skip = Number(searchParams.get('skip') ?? 0);
    if (reported !== undefined) return this.#report(reported, skip, Number(searchParams.get('take') ?? 10_000));
    const [, id] = /\/subscriptions\/v2\/resend\/(\d+)$/.exec(pathname) ?? [];
    if (id === undefined) return undefined;
    return this.#webhooks().resend(Number(id)) ? answer(200, OK) : coded(400, 'WebhookNotFound', 'Not found');
  }

  /** As the books have it: they may be of an hour ago, while the status of the payment itself is of now. */
  #booked(payment: Payment): Payment {
    const { gate, chance, time } = this.#around;
    if (payment.finalAtMs === undefined) return payment;
    const name = `books of ${nameOf(payment)}`;
    const behindMs = chance.spread(`${name} are behind`, BEHIND_MS.min, BEHIND_MS.max);
    if (payment.finalAtMs < time.nowMs() - behindMs) return payment;
    const point = `${name} ${time.nowMs()}`;
    if (!gate.at({ name: point, label: 'monoova: books', service: 'bank', kinds: ['behind'], rate: BEHIND_RATE }))
      return payment;
    return { ...payment, state: 'Pending', finalAtMs: undefined };
  }

  #dayOf({ takenAtMs, finalAtMs }: Payment): string {
    return sydneyDate(this.#isByEnd ? (finalAtMs ?? takenAtMs) : takenAtMs);
  }

  #statuses(from: string, to: string): Answer {
    const listed = this.#bank.all().filter(({ finalAtMs }) => this.#listsOpen || finalAtMs !== undefined);
    const payments = listed.filter((payment) => from <= this.#dayOf(payment) && this.#dayOf(payment) <= to);
    return answer(200, { ...OK, statuses: payments.map((payment) => statusFields(this.#booked(payment))) });
  }

  /** "All successful transactions". */
  #statement(day: string): Answer {
    const successful = this.#bank.all().filter(({ state }) => state === 'Complete' || state === 'Returned');
    const transactions = successful.filter((payment) => this.#dayOf(payment) === day).map(statementLine);
    return answer(200, { ...OK, transactions });
  }

  #report(day: string, skip: number, take: number): Answer {
    const sent = this.#webhooks()
      .notifications()
      .filter(({ atMs }) => sydneyDate(atMs) === day);
    const notifications = sent.slice(skip, skip + take).map(({ webhookId, eventName, isReceived, retryCount }) => ({
      webhookId,
      eventName,
      retryCount,
      status: isReceived ? 'Sent' : 'Error',
    }));
    return answer(200, { ...OK, notifications });
  }
}

function statementLine({ uniqueReference, number, amountCents, takenAtMs }: Payment): JsonObject {
  return {
    uniqueReferenced: uniqueReference,
    transactionId: number,
    dateTime: sydneyDateTime(takenAtMs),
    status: 'Ok',
    totalAmount: amountCents / 100,
  };
}
