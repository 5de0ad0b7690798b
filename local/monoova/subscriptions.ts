import { Refusal } from './refusal.ts';
import type { Time } from './time.ts';

/** "The type of event to be sent to this URL via callback" (specification); other spellings are refused. */
export const SUBSCRIBABLE_EVENTS = [
  'NppReturn',
  'NppPaymentStatus',
  'PayToReceivePayment',
  'NPPReceivePayment',
  'InboundDirectCredit',
  'InboundDirectDebit',
  'DirectEntryDishonour',
  'PendingInboundRtgsImt',
  'InboundRtgsImtStatus',
  'InboundDirectCreditRejections',
  'NPPCreditRejections',
  'DirectDebitClearance',
] as const;
export type EventName = (typeof SUBSCRIBABLE_EVENTS)[number];

/** Where notifications go, and the securityToken of the subscription. `isByEvent`: each event to a path of its own below the URL. */
export type WebhookTarget = { readonly url: string; readonly token: string; readonly isByEvent?: boolean };

/** One event, one URL. */
export type Subscription = {
  readonly id: number;
  readonly eventName: EventName;
  readonly targetUrl: string;
  readonly isOn: boolean;
  /** Sent back with each webhook in `Authorization`; undefined where none was given. */
  readonly securityToken: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** The events that payouts cause here. */
const EVENTS_OF_PAYOUTS = ['NppPaymentStatus', 'NppReturn'] as const satisfies readonly EventName[];
const FIRST_ID = 3_675;

/** Who is told of what: at most one subscription for each event. */
export class Subscriptions {
  readonly #time: Time;
  readonly #byEvent = new Map<EventName, Subscription>();
  #nextId = FIRST_ID;

  constructor(time: Time, target: WebhookTarget | undefined) {
    this.#time = time;
    if (target) this.subscribeAll(target);
  }

  /** Oldest first. */
  all(): Subscription[] {
    return [...this.#byEvent.values()].toSorted((one, other) => one.id - other.id);
  }

  /** Undefined where nobody is subscribed, or the subscription is off. */
  of(eventName: EventName): Subscription | undefined {
    const subscription = this.#byEvent.get(eventName);
    return subscription?.isOn ? subscription : undefined;
  }

  isAnybodyThere(): boolean {
    return this.all().some(({ isOn }) => isOn);
  }

  /** Sends all that payouts cause to one receiver, in place of any other. */
  subscribeAll({ url, token, isByEvent = false }: WebhookTarget): void {
    for (const eventName of EVENTS_OF_PAYOUTS) {
      const known = this.#byEvent.get(eventName);
      const targetUrl = isByEvent ? `${url}/${eventName}` : url;
      const changes = { targetUrl, isOn: true, securityToken: token };
      if (known) this.update(known.id, changes);
      else this.create({ eventName, ...changes });
    }
  }

  /** @returns the subscription, or the one that the event has already, which stays as it is */
  create(wanted: Pick<Subscription, 'eventName' | 'targetUrl' | 'isOn' | 'securityToken'>): {
    readonly subscription: Subscription;
    readonly isNew: boolean;
  } {
    const known = this.#byEvent.get(wanted.eventName);
    if (known) return { subscription: known, isNew: false };
    const nowMs = this.#time.nowMs();
    const subscription = { ...wanted, id: this.#nextId, createdAtMs: nowMs, updatedAtMs: nowMs };
    this.#nextId += 1;
    this.#byEvent.set(wanted.eventName, subscription);
    return { subscription, isNew: true };
  }

  /** @throws {Refusal} SubscriptionNotFound (a guess) */
  update(id: number, changes: Pick<Subscription, 'targetUrl' | 'isOn' | 'securityToken'>): Subscription {
    const subscription = { ...this.#find(id), ...changes, updatedAtMs: this.#time.nowMs() };
    this.#byEvent.set(subscription.eventName, subscription);
    return subscription;
  }

  /** @throws {Refusal} SubscriptionNotFound (a guess) */
  delete(id: number): void {
    this.#byEvent.delete(this.#find(id).eventName);
  }

  /** @throws {Refusal} SubscriptionNotFound (a guess) */
  tokenOf(id: number): string | undefined {
    return this.#find(id).securityToken;
  }

  #find(id: number): Subscription {
    const found = this.all().find((subscription) => subscription.id === id);
    if (found) return found;
    throw new Refusal('SubscriptionNotFound', 'The subscription was not found');
  }
}
