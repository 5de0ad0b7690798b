import type { WebhookPlan } from './behaviours.ts';
import type { JsonObject } from './json.ts';
import { Ring } from './ring.ts';
import type { Settings } from './settings.ts';
import type { SigningKey } from './signing-key.ts';
import type { EventName, Subscriptions } from './subscriptions.ts';
import type { StoppableTime } from './time.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

/** One try to deliver one notification. */
export type DeliveryTry = {
  readonly webhookId: number;
  readonly eventName: EventName;
  readonly uniqueReference: string;
  readonly url: string;
  /** The answer's status; null when none came, and then `error` says why. */
  readonly statusCode: number | null;
  readonly error: string | null;
  /** 0 for the first try. */
  readonly retryCount: number;
  /** When the try began. */
  readonly atMs: number;
  /** The exact text sent. */
  readonly body: string;
};

/** One notification, whatever became of it. */
export type NotificationSeen = {
  readonly webhookId: number;
  readonly eventName: EventName;
  readonly url: string;
  /** When the first try began. */
  readonly atMs: number;
  readonly lastTryAtMs: number;
  /** Null where no answer came. */
  readonly lastStatusCode: number | null;
  readonly retryCount: number;
  readonly isReceived: boolean;
};

type Notification = {
  readonly webhookId: number;
  readonly eventName: EventName;
  readonly uniqueReference: string;
  readonly body: JsonObject;
  readonly plan: WebhookPlan;
  readonly atMs: number;
  url: string;
  retryCount: number;
  lastTryAtMs: number;
  lastStatusCode: number | null;
  isReceived: boolean;
};

const FIRST_WEBHOOK_ID = 5_000_001;
const RETRIES_MAX = 1;
const COPIES_MAX = 10;
/** "200 Is the expected response … If any other status code response is received, we will retry one more time only". */
const RECEIVED = 200;

/** Tells the subscriber of each event about payments: signed, once, and once more after a pause if it was not received. */
export class Webhooks {
  readonly #time: StoppableTime;
  readonly #signingKey: SigningKey;
  readonly #settings: Settings;
  readonly #subscriptions: Subscriptions;
  readonly #delivery: WebhookDelivery;
  readonly #notifications: Ring<Notification>;
  readonly #tries: Ring<DeliveryTry>;
  #nextWebhookId = FIRST_WEBHOOK_ID;
  #deliveringCount = 0;

  constructor(deps: {
    time: StoppableTime;
    signingKey: SigningKey;
    settings: Settings;
    subscriptions: Subscriptions;
  }) {
    this.#time = deps.time;
    this.#signingKey = deps.signingKey;
    this.#settings = deps.settings;
    this.#subscriptions = deps.subscriptions;
    this.#delivery = new WebhookDelivery(deps.settings.webhookTimeoutMs);
    this.#notifications = new Ring(deps.settings.keptRecords);
    this.#tries = new Ring(deps.settings.keptRecords);
  }

  /** Has the key made while a payment settles, so that its webhook need not wait for it. */
  prepare(): void {
    if (this.#subscriptions.isAnybodyThere()) void this.#signingKey.prepare();
  }

  /** How many tries are under way, from their signature to their answer. One that waits between the halves of its body waits for the clock. */
  get deliveringCount(): number {
    return this.#deliveringCount;
  }

  /** Oldest first, by when the answer came. */
  tries(): DeliveryTry[] {
    return this.#tries.all();
  }

  /** Oldest first. */
  notifications(): NotificationSeen[] {
    return this.#notifications.all().map(({ body: _body, plan: _plan, uniqueReference: _reference, ...seen }) => seen);
  }

  /** Resolves when the first try is over, received or not. Without a subscriber nothing is sent. */
  async notify(eventName: EventName, uniqueReference: string, body: JsonObject, plan: WebhookPlan): Promise<void> {
    const subscription = this.#subscriptions.of(eventName);
    if (!subscription) return;
    const webhookId = this.#nextWebhookId;
    this.#nextWebhookId += 1;
    const notification = {
      webhookId,
      eventName,
      uniqueReference,
      body: { ...body, ...plan.fields },
      plan,
      atMs: this.#time.nowMs(),
      url: subscription.targetUrl,
      retryCount: 0,
      lastTryAtMs: this.#time.nowMs(),
      lastStatusCode: null,
      isReceived: false,
    };
    this.#notifications.add(notification);
    const copies = Math.min(Math.max(plan.copies ?? 1, 1), COPIES_MAX);
    const received = await Promise.all(Array.from({ length: copies }, () => this.#try(notification)));
    if (!received.includes(true)) this.#retryLater(notification);
  }

  /**
   * Sends any event to whoever is subscribed to it, as if it had happened.
   * @throws {RangeError} where nobody is
   */
  async tell(eventName: EventName, body: JsonObject, plan: WebhookPlan): Promise<void> {
    if (!this.#subscriptions.of(eventName)) throw new RangeError(`Nobody is subscribed to ${eventName}`);
    await this.notify(eventName, String(body['UniqueReference'] ?? ''), body, plan);
  }

  /**
   * Sends a notification again with its old Webhookid, once, as POST /subscriptions/v2/resend does.
   * @throws {RangeError} when no notification with this id is remembered
   */
  async resend(webhookId: number): Promise<void> {
    const notification = this.#notifications.findLast((candidate) => candidate.webhookId === webhookId);
    if (!notification) throw new RangeError(`No webhook ${webhookId} is remembered`);
    notification.retryCount += 1;
    await this.#try(notification);
  }

  stop(): void {
    this.#delivery.stop();
  }

  #retryLater(notification: Notification): void {
    if (notification.retryCount >= RETRIES_MAX) return;
    this.#time.after(this.#settings.webhookRetryDelayMs, () => {
      notification.retryCount += 1;
      void this.#try(notification);
    });
  }

  async #try(notification: Notification): Promise<boolean> {
    const counted = notification.plan.bodyOverMs === undefined ? 1 : 0;
    this.#deliveringCount += counted;
    try {
      return await this.#tryNow(notification);
    } finally {
      this.#deliveringCount -= counted;
    }
  }

  async #tryNow(notification: Notification): Promise<boolean> {
    const { webhookId, eventName, uniqueReference, retryCount, plan } = notification;
    const subscription = this.#subscriptions.of(eventName);
    if (!subscription) return false;
    const { targetUrl, securityToken } = subscription;
    const atMs = this.#time.nowMs();
    const pathName = plan.pathName ?? (this.#settings.eventNameInPath ? eventName : undefined);
    const url = pathName === undefined ? targetUrl : `${below(targetUrl, eventName)}/${pathName}`;
    const body = JSON.stringify(notification.body);
    const headers = {
      ...FIXED_HEADERS,
      ...authorization(plan, securityToken),
      ...(await this.#signature(notification, body)),
      Webhookid: String(webhookId),
    };
    const { bodyOverMs, againAfterMs } = plan;
    const betweenHalves = bodyOverMs === undefined ? undefined : () => this.#time.wait(bodyOverMs);
    const send = async (sentAtMs: number) => {
      const result = await this.#delivery.post(url, headers, Buffer.from(body), betweenHalves);
      this.#tries.add({ webhookId, eventName, uniqueReference, url, ...result, retryCount, atMs: sentAtMs, body });
      return result;
    };
    const result = await send(atMs);
    Object.assign(notification, { url, lastTryAtMs: atMs, lastStatusCode: result.statusCode });
    notification.isReceived ||= result.statusCode === RECEIVED;
    if (againAfterMs !== undefined && retryCount === 0) {
      this.#time.after(againAfterMs, () => void send(this.#time.nowMs()));
    }
    return result.statusCode === RECEIVED;
  }

  async #signature({ plan, body }: Notification, text: string): Promise<Record<string, string>> {
    switch (plan.signature ?? 'good') {
      case 'missing':
        return {};
      case 'by-a-stranger':
        return { 'Verification-Signature': await this.#signingKey.signAsStranger(Buffer.from(text)) };
      case 'of-another-body': {
        const another = JSON.stringify({ ...body, Amount: Number(body['Amount']) - 0.01 });
        return { 'Verification-Signature': await this.#signingKey.sign(Buffer.from(another)) };
      }
      case 'by-a-new-key':
        await this.#signingKey.rotate();
        return { 'Verification-Signature': await this.#signingKey.sign(Buffer.from(text)) };
      case 'by-the-key-before':
        return { 'Verification-Signature': await this.#signingKey.signAsBefore(Buffer.from(text)) };
      case 'good':
        return { 'Verification-Signature': await this.#signingKey.sign(Buffer.from(text)) };
    }
  }
}

const FIXED_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

/** The securityToken is "[type] [credentials]" (specification); a bare one is taken for a Bearer token. */
function authorization(plan: WebhookPlan, token: string | undefined): Record<string, string> {
  if (plan.authorization === 'missing' || token === undefined) return {};
  if (plan.authorization === 'wrong') return { Authorization: 'Bearer not-the-registered-token' };
  return { Authorization: token.includes(' ') ? token : `Bearer ${token}` };
}

/** Without the event's own name at its end, where it is subscribed so. */
function below(targetUrl: string, eventName: string): string {
  return targetUrl.endsWith(`/${eventName}`) ? targetUrl.slice(0, -eventName.length - 1) : targetUrl;
}
