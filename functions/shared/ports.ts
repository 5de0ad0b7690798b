import type { Controls } from '../../domain/controls.ts';
import type { Destination, PayoutMethod } from '../../domain/destination.ts';
import type { Cents } from '../../domain/money.ts';
import type { ComparedPayout, ListedPayout, Payout, PayoutStatus } from '../../domain/payout.ts';
import type { WebhookLetter } from './webhook-letter.ts';

/**
 * What the handlers need of the world, in the words of payouts. `functions/adapters` implements them over AWS and Monoova;
 * the simulation implements only the clients beneath the adapters.
 */

/** Milliseconds since the Unix epoch. */
export type NowMs = () => number;

export type PayoutPage = { readonly payouts: readonly ListedPayout[]; readonly cursor?: string };

export interface PayoutStore {
  /** Strongly consistent. Undefined where there is no such payout. */
  read(transactionId: string): Promise<Payout | undefined>;
  /**
   * Writes `next` over `previous` if the stored revision is still `previous.revision`. `written: false` means that somebody else wrote
   * first and nothing was changed. `taskToken` is the doorbell that stood in the record that was replaced.
   */
  replace(previous: Payout, next: Payout): Promise<{ readonly written: boolean; readonly taskToken?: string }>;
  /**
   * Puts the guard's doorbell back into the record of a final payout that holds none, for whoever can ring it later. Changes nothing
   * where the payout is open: the guard hangs its own.
   */
  keepDoorbell(transactionId: string, taskToken: string): Promise<void>;
  /** Takes this doorbell out of the record. Safe to repeat; another one stays. */
  dropDoorbell(transactionId: string, taskToken: string): Promise<void>;
  /**
   * Writes the fence if the payout is still Pending, at the revision that was read, and nobody is posting at `nowMs`.
   * True as well where this attempt's own write was repeated after its answer was lost.
   */
  raiseFence(previous: Payout, fenced: Payout, nowMs: number): Promise<boolean>;
  /**
   * Claims the number of another guard, if the payout is Pending and `payout.guards` is still the highest. The number that stands in the
   * record then: ours, or the one that somebody claimed first. Undefined where the payout is not open, or has had all its guards.
   */
  claimGuard(payout: Payout): Promise<number | undefined>;
  /** Newest first; at most `limit` (1 to 100). */
  list(query: {
    readonly customerId: string;
    readonly status?: PayoutStatus;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<PayoutPage>;
}

/** Where a page of an index ended, and the next one goes on. */
export type IndexPosition = { readonly transaction_id: string; readonly created_at: string };

/** What an index tells of a payout. It lags behind the table: read the record before acting. */
export type SweptPayout = IndexPosition & { readonly status: PayoutStatus; readonly posts: number };

/** `isEnd`: there are no more behind them. */
export type SweptPage = { readonly payouts: readonly SweptPayout[]; readonly isEnd: boolean };
/** At most `limit` (1 to 500), from behind `after`. */
export type SweptRange = { readonly limit: number; readonly after?: IndexPosition | undefined };

/** Reads many payouts, for whoever looks after all of them. */
export interface PayoutSweeps {
  /** Open payouts that were recorded at `until` (ISO 8601) or before, oldest first. */
  open(until: string, range: SweptRange): Promise<SweptPage>;
  /** Payouts of a day in Sydney, oldest first. */
  ofDay(day: string, range: SweptRange): Promise<SweptPage>;
  /** Strongly consistent; those that there are, by their ids. */
  readMany(transactionIds: readonly string[]): Promise<ReadonlyMap<string, ComparedPayout>>;
  /** Records a payout, unless its id is taken: then false, and nothing is changed. */
  record(payout: Payout): Promise<boolean>;
}

/** A destination as a customer's record holds it. */
export type StoredDestination = {
  readonly id: string;
  readonly type: PayoutMethod;
  readonly ciphertext: string;
  readonly masked: string;
};

export type Customer = { readonly customer_id: string; readonly payout_destinations: readonly StoredDestination[] };

export interface CustomerStore {
  /** Strongly consistent. Undefined where the customer is not registered. */
  read(customerId: string): Promise<Customer | undefined>;
  /** Replaces the customer's whole record. Safe to repeat. */
  put(customer: Customer): Promise<void>;
}

/** Every pair is compared after decrypting: the SDK for JavaScript does not do it. */
export type DestinationContext = { readonly customer_id: string; readonly destination_id: string };

export interface DestinationCipher {
  /** Base64 of an AWS Encryption SDK message. */
  encrypt(destination: Destination, context: DestinationContext): Promise<string>;
  /** @throws {DestinationUnusableError} where it does not decrypt under this context, or holds no destination. */
  decrypt(ciphertext: string, context: DestinationContext): Promise<Destination>;
}

export interface KeylessMemos {
  /**
   * The reference of the first request with this fingerprint in the window, or `candidate` if this is the first. One
   * conditional write decides between two at once.
   */
  remember(fingerprint: string, candidate: string): Promise<string>;
}

export interface ControlStore {
  /** The control item, strongly consistent; revision 0 where nothing was ever written. */
  read(): Promise<Controls>;
  /** Writes `next` over `previous` if the stored revision is still `previous.revision`. False: somebody else wrote first. */
  replace(previous: Controls, next: Controls): Promise<boolean>;
}

export interface TaskTokens {
  /**
   * Rings the guard's doorbell. A token that is spent, late or unknown is success, since the outcome is written already;
   * throttling and key errors are thrown.
   */
  ring(token: string): Promise<void>;
}

/** `started`: by this call. `running`: since before it. `ended`: it has had its life, and nothing was started. */
export type GuardStart = 'started' | 'running' | 'ended';

export interface Guards {
  /**
   * Starts the guard of this number (1 is the first). Safe to repeat: one that runs is left alone, and one that has ended is not
   * started again.
   */
  start(transactionId: string, number: number): Promise<GuardStart>;
}

/** Proven webhooks that are not done with. */
export interface WebhookQueue {
  /** Resolves when the letter is kept. Safe to repeat: a fact that is applied twice changes nothing. */
  put(letter: WebhookLetter): Promise<void>;
  /** Lets a letter that was received be received again after so many seconds, 0 to 43,200, and not before. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
}

/** Waits for `work`, at most `ms`; undefined where it took longer. The work goes on, and nobody hears how it ends. */
export type Within = <Result extends object>(work: Promise<Result>, ms: number) => Promise<Result | undefined>;

/** What a payout looks like on the wire to Monoova. */
export type PaymentInstruction = {
  readonly uniqueReference: string;
  readonly amountCents: Cents;
  readonly destination: Destination;
  readonly description?: string;
};

/** What one POST to Monoova has taught. `code` is Monoova's `status`; `detail` is scrubbed. */
export type ExecuteResult =
  /** `Ok` or `Pending`: it has the payment. */
  | { readonly kind: 'accepted'; readonly code: string; readonly monoovaTransactionId?: number }
  /** `UniqueReferenceExists`: it had the payment already. */
  | { readonly kind: 'already-received'; readonly code: string; readonly monoovaTransactionId?: number }
  /** A code from the list of declines, with transactionId 0. */
  | { readonly kind: 'declined'; readonly code: string; readonly detail: string }
  /** Key wrong or locked: nothing was taken, and further tries lock a live account. */
  | { readonly kind: 'credentials-refused'; readonly code: string }
  /** 429: nothing was taken. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  /** It was too late to begin: nothing was sent. */
  | { readonly kind: 'unsent'; readonly detail: string }
  /** Refused, DNS or connect timeout: nothing was received. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Everything else: a timeout, a reset, a 5xx, a redirect, an answer nobody can read. It may have been received. */
  | {
      readonly kind: 'unanswered';
      readonly detail: string;
      /** The HTTP status speaks of the key (401, 403): it is not shown again for a while. */
      readonly isKeyDoubted?: true;
      /** Not even an answer that can be read, or one of a server that fails: the line counts it as lost. */
      readonly isLineLost?: true;
    };

/** What one look-up by reference has taught. */
export type LookupResult =
  | { readonly kind: 'completed' | 'rejected' | 'pending'; readonly detail: string }
  | { readonly kind: 'not-found' }
  /** `isKeyDoubted`: only the HTTP status says so, which may come from something in front of Monoova. */
  | { readonly kind: 'credentials-refused'; readonly code: string; readonly isKeyDoubted?: true }
  /** No answer, or one that says nothing. `isLineLost`: not even that the line works (no answer, a failing server, 429). */
  | { readonly kind: 'unknown'; readonly detail: string; readonly isLineLost?: true };

export interface Monoova<Line extends MonoovaLine = MonoovaLine> {
  /**
   * Fetches what calls need, so that nothing slow stands between the fence and the POST. Safe to repeat. `isFresh` passes the cache of
   * the secret by. Whoever has a line has not yet the right to use it: functions/shared/gate.ts gives that.
   * @throws {ConfigurationError} where the key cannot be read or is not this stage's.
   */
  connect(options?: { readonly isFresh: boolean }): Promise<Line>;
}

/** Calls that show one key. */
export interface MonoovaLine {
  /** Fingerprint of the key: 16 hex digits of its SHA-256. */
  readonly key: string;
  /** One POST, never repeated here and redirects never followed, and not begun at `notAfterMs` or later. Resolves with what it taught. */
  execute(instruction: PaymentInstruction, notAfterMs: number): Promise<ExecuteResult>;
  /** One GET, safe to repeat. */
  lookUp(uniqueReference: string): Promise<LookupResult>;
}

/** An answer of Monoova's books, or that it was none. */
export type Told<Answer> =
  | ({ readonly kind: 'told' } & Answer)
  | { readonly kind: 'credentials-refused'; readonly code: string; readonly isKeyDoubted?: true }
  /** No answer, or one that says nothing. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** Lines that could not be read are counted: whoever compares them has to say that something is missing. */
export type Listed<Line> = { readonly lines: readonly Line[]; readonly unreadable: number };

/** A payment as the status by date lists it, of whatever system. */
export type BookedStatus = {
  readonly uniqueReference: string;
  readonly said: 'completed' | 'rejected' | 'pending' | 'unknown';
  /** Monoova's own word for it. */
  readonly detail: string;
};

/** A successful payment as the statement lists it: the only list with amounts. */
export type StatementLine = {
  readonly uniqueReference: string;
  readonly monoovaTransactionId?: number;
  readonly amountCents?: Cents;
  /** As Sydney's clocks showed it, `YYYY-MM-DDTHH:mm:ss`. */
  readonly executedAt?: string;
};

/** A notification as the report of webhooks lists it. */
export type SentWebhook = {
  readonly webhookId: number;
  readonly eventName: string;
  readonly isReceived: boolean;
  readonly retryCount: number;
};

/**
 * What Monoova's books say, by the day in Sydney (`YYYY-MM-DD`). Each is one request over one connection, never repeated here. All may
 * be repeated by the caller.
 */
export interface MonoovaBooks {
  /** Payments of these days, both included. */
  statuses(fromDay: string, toDay: string): Promise<Told<Listed<BookedStatus>>>;
  /** Successful payments of this day. */
  statement(day: string): Promise<Told<Listed<StatementLine>>>;
  /** Notifications of this day, from the one at `skip` (0 is the first), at most `take` (1 to 10,000). */
  webhooks(day: string, page: { readonly skip: number; readonly take: number }): Promise<Told<Listed<SentWebhook>>>;
  /** Has a notification sent once more, under its old id. It arrives when it arrives. */
  resendWebhook(webhookId: number): Promise<Told<object>>;
}

export interface MonoovaFunds {
  /** What an mAccount (16 digits) can still pay, in cents; below zero where it is overdrawn. One GET, safe to repeat. */
  available(mAccount: string): Promise<Told<{ readonly availableCents: number }>>;
}

/** Who is told of an event: at most one URL for each. */
export type Subscription = {
  readonly id: number;
  readonly eventName: string;
  readonly targetUrl: string;
  readonly isOn: boolean;
};

/** Where an event's webhooks go, switched on, and the token that comes back with them. */
export type SubscriptionTarget = { readonly targetUrl: string; readonly token: string };

/** False where the event has a subscription already, which stays as it is. */
export type Subscribed = { readonly isNew: boolean };

/** Monoova's subscriptions: each is one request over one connection, never repeated here. All may be repeated by the caller. */
export interface MonoovaSubscriptions {
  subscriptions(): Promise<Told<Listed<Subscription>>>;
  subscribe(eventName: string, target: SubscriptionTarget): Promise<Told<Subscribed>>;
  updateSubscription(id: number, target: SubscriptionTarget): Promise<Told<object>>;
}

/** Counts and measures with bounded dimensions; ids go to the log, never into a dimension. */
export interface Metrics {
  count(name: MetricName, value?: number): void;
  /** One value, of which sums and percentiles are made. */
  measure(name: MeasureName, value: number): void;
}

/** What is measured; its unit is the end of its name. */
export const MEASURE_NAMES = [
  'PayIdCompletedCents',
  'BankAccountCompletedCents',
  'CompletedAfterMs',
  'OldestOpenSeconds',
  'AvailableCents',
] as const;
export type MeasureName = (typeof MEASURE_NAMES)[number];

export const METRIC_NAMES = [
  'PayoutRequested',
  'PayoutRefused',
  'PayoutSubmitted',
  'PayoutDeclined',
  'PayoutCompleted',
  'PayoutRejected',
  'PayoutReturned',
  'PayoutPartlyReturned',
  'PayoutFailed',
  'PayoutConflict',
  'PayoutEscalated',
  'SubmissionHeld',
  'BreakerOpened',
  'SubmissionUnanswered',
  'MonoovaUnreachable',
  'MonoovaThrottled',
  'MonoovaCredentialsRefused',
  'DestinationUnusable',
  'WebhookAccepted',
  'WebhookReplayed',
  'WebhookUnproven',
  'WebhookUnreadable',
  'WebhookMisnamed',
  'WebhookInbound',
  'WebhookIgnored',
  'WebhookForeign',
  'WebhookQueued',
  'WebhookFailed',
  'WebhookRecovered',
  'WebhookRetryFailed',
  'WebhookGivenUp',
  'WebhookOrphaned',
  'DoorbellFailed',
  'ReconciliationPaidTwice',
  'ReconciliationConflict',
  'ReconciliationOrphan',
  'ReconciliationUnknownAtMonoova',
  'ReconciliationStatusDiffers',
  'ReconciliationStatusUnclear',
  'ReconciliationEscalated',
  'ReconciliationGuardsUsedUp',
  'ReconciliationWebhookFailing',
  'ReconciliationNotFoundYet',
  'ReconciliationRepaired',
  'ReconciliationNoted',
  'ReconciliationRebuilt',
  'ReconciliationGuardStarted',
  'ReconciliationWebhookResent',
  'ReconciliationEnded',
  'ReconciliationIncomplete',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** Structured log lines; `keys` carry ids and codes from allow-lists, never a destination, name, key or token. */
export interface Log {
  info(message: string, keys?: Readonly<Record<string, unknown>>): void;
  warn(message: string, keys?: Readonly<Record<string, unknown>>): void;
  error(message: string, keys?: Readonly<Record<string, unknown>>): void;
}
