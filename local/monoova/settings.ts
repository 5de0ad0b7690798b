/** What differs between accounts, or what no source says about Monoova and a test may want otherwise. Amounts in AUD cents. */
export type Settings = {
  /** Live locks the account for an hour on the fifth failed login (Monoova's specification, introduction); Sandbox never. */
  readonly environment: 'Sandbox' | 'Live';
  /** `never-dedupes` pays a repeated uniqueReference again, so that a client's own protection can be put to the test. */
  readonly duplicates: 'dedupes' | 'never-dedupes';
  /** Whether a refused payment still uses up its uniqueReference (unknown; the 2017 text hints at it). */
  readonly remembersRefusedReferences: boolean;
  /** From taking a payment to its outcome and webhook. */
  readonly webhookDelayMs: number;
  /** From a payment's success to its return, for payees whose payments come back. */
  readonly returnDelayMs: number;
  /** From a failed delivery to its only retry (Monoova's specification: "after a 30 second pause"). */
  readonly webhookRetryDelayMs: number;
  /** Longest wait for a receiver's answer. Assumption; it guards a real socket and so runs on real time. */
  readonly webhookTimeoutMs: number;
  /** Appends `/` and the event's name to the webhook URL, as an account with one URL per event would have it. */
  readonly eventNameInPath: boolean;
  /** The name of the list of subscriptions: `eventname` in the specification, `eventName` in a third party's real use. */
  readonly subscriptionListKey: 'eventname' | 'eventName';
  /** What the paying mAccount holds at the start. Fees are quoted but never debited. */
  readonly openingBalanceCents: number;
  /** Payments remembered. A forgotten payment would be paid again, so this is far above what a run sends. */
  readonly keptPayments: number;
  /** Requests and webhook tries remembered, each. */
  readonly keptRecords: number;
};

export const DEFAULT_SETTINGS: Settings = {
  environment: 'Sandbox',
  duplicates: 'dedupes',
  remembersRefusedReferences: false,
  webhookDelayMs: 1_000,
  returnDelayMs: 5_000,
  webhookRetryDelayMs: 30_000,
  webhookTimeoutMs: 10_000,
  eventNameInPath: false,
  subscriptionListKey: 'eventname',
  openingBalanceCents: 100_000_000_000,
  keptPayments: 50_000,
  keptRecords: 5_000,
};
