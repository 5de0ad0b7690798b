import type { Behaviour, BehaviourName, WebhookPlan } from './behaviours.ts';
import type { JsonObject } from './json.ts';
import type { Payment } from './ledger.ts';
import type { Matcher, ScriptOptions } from './scripts.ts';
import type { EventName, WebhookTarget } from './subscriptions.ts';
import type { DeliveryTry } from './webhooks.ts';
import type { RequestSeen } from './witness.ts';

/** What a running simulator can be asked and told from inside the same process. */
export type Simulator = {
  /**
   * @param port 0 for any free one
   * @param host default 127.0.0.1
   * @throws what node:net throws when the port is taken
   */
  listen(port: number, host?: string): Promise<{ url: string }>;
  /** Ends every connection and timer; nothing is sent after it. Safe to repeat. */
  stop(): Promise<void>;
  /** Sends webhooks to this receiver from now on, in place of any other. */
  subscribe(webhook: WebhookTarget): void;
  /** Every payment ever taken, oldest first. */
  payments(): Payment[];
  /** What the paying account holds. */
  balanceCents(): number;
  /** Every request seen, oldest first. */
  requests(): RequestSeen[];
  /** Every try to deliver a webhook, oldest first. */
  webhooks(): DeliveryTry[];
  /** Webhooks that are being delivered right now. */
  deliveringCount(): number;
  /**
   * Orders a behaviour for the requests that match; the newest order that matches wins.
   * @returns a function that takes the order back
   * @throws {RangeError} for an unknown name, or with a thousand orders waiting
   */
  script(matcher: Matcher, behaviour: BehaviourName | Behaviour, options?: ScriptOptions): () => void;
  /**
   * Sends an event of any kind to its subscriber, signed; resolves when the first try is over.
   * @throws {RangeError} when nobody is subscribed to it
   */
  tell(eventName: EventName, body: JsonObject, plan?: WebhookPlan): Promise<void>;
  /** The `Verification-Signature` of these bytes, as Monoova's own key makes it. */
  sign(body: Buffer): Promise<string>;
  /** Makes a new signing key; the old one is not published from then on. */
  rotateKey(): Promise<void>;
  /**
   * Delivers a webhook once more under its old id.
   * @throws {RangeError} when no such webhook is remembered
   */
  resend(webhookId: number): Promise<void>;
};
