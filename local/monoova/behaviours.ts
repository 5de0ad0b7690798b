import type { JsonObject } from './json.ts';
import type { Payee } from './payout.ts';

/** What becomes of a payment that was taken. `instant` is final within the answer; `never-final` stays Pending. */
type Outcome = 'completed' | 'instant' | 'rejected' | 'returned' | 'never-final';

/** What the caller gets to see of a request. */
export type Answer =
  | { readonly kind: 'regular' }
  /** The connection closes without a byte, or in the middle of the body. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'cut-midway' }
  /** Monoova's error envelope with this code. `{payee}` in the description becomes the payee's PayID or account. */
  | { readonly kind: 'coded'; readonly httpStatus: number; readonly code: string; readonly description: string }
  /** These bytes. */
  | {
      readonly kind: 'verbatim';
      readonly httpStatus: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The regular answer with fields and headers added or replaced. */
  | {
      readonly kind: 'extended';
      readonly fields?: JsonObject;
      readonly headers?: Readonly<Record<string, string>>;
    };

export type PaymentStatusText = 'Payment Successful' | 'Rejected';

/** One NppPaymentStatus notification. Left out: the truth, at once, once, properly signed and authorised. */
export type WebhookPlan = {
  readonly status?: PaymentStatusText;
  /** After the outcome. */
  readonly afterMs?: number;
  /** How many times the same notification (same Webhookid) is delivered at once; 1 to 10. */
  readonly copies?: number;
  /** So long after it was received it is sent once more, byte for byte. */
  readonly againAfterMs?: number;
  /** The two halves of the body are sent so far apart. */
  readonly bodyOverMs?: number;
  /** Appended to the receiver's URL in place of the event's own name. */
  readonly pathName?: string;
  /**
   * `of-another-body` is Monoova's own signature, made over a body with one cent less; `by-a-new-key` changes the key first, and
   * `by-the-key-before` signs with the one that was changed.
   */
  readonly signature?: 'good' | 'by-a-stranger' | 'of-another-body' | 'by-a-new-key' | 'by-the-key-before' | 'missing';
  readonly authorization?: 'good' | 'wrong' | 'missing';
  /** Fields of the body to replace or add, before it is signed. */
  readonly fields?: JsonObject;
};

/** How the simulator treats a request. Left out: as Monoova treats an ordinary payee. */
export type Behaviour = {
  /** False: no money moves and the reference stays free. Default true. */
  readonly take?: boolean;
  /** The money is taken this long after the request came in; a `cut` answer does not wait for it. Default 0. */
  readonly takeAfterMs?: number;
  readonly outcome?: Outcome;
  /** From taking the money to its outcome. Default: the setting `webhookDelayMs`. */
  readonly settleAfterMs?: number;
  /** The outcome, and its webhooks, come before the answer. Default false. */
  readonly settleBeforeAnswer?: boolean;
  /** The bank's free text on a rejection or return. `{payee}` becomes the PayID or account. */
  readonly reason?: string;
  readonly answer?: Answer;
  /** Waited before the answer, after any taking. Default 0. */
  readonly answerDelayMs?: number;
  /** How a returned payment comes back: shares of its amount in percent, one after the other. Default: all of it. */
  readonly returns?: readonly number[];
  /** Empty: none, not even NppReturn. Default: one true one, or none for `instant`. */
  readonly webhooks?: readonly WebhookPlan[];
};

const CUT: Answer = { kind: 'cut' };
/** Longer than any sensible client waits. */
const SLOW_ANSWER_MS = 8_000;
const LATE_MS = 10_000;
const SLOW_BODY_MS = 2_000;
const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

/** The payees of the demonstration; README.md lists how to address each. Our invention: Monoova has no such payees. */
const DEMO_BEHAVIOURS = {
  payid: {},
  bank: {},
  instant: { outcome: 'instant' },
  rejected: { outcome: 'rejected', reason: 'ACCOUNT CLOSED' },
  'rejected-quoting': { outcome: 'rejected', reason: 'NO ACCOUNT {payee} AT THIS BRANCH, TRY 00012345678' },
  returned: { outcome: 'returned', reason: 'ACCOUNT CLOSED' },
  'no-funds': {
    take: false,
    answer: {
      kind: 'coded',
      httpStatus: 400,
      code: 'DebitTransactionWillExceedSignInCreditLimit',
      description: 'The amount to debit will exceed your credit limit - mAccount "6279059700000001", payee "{payee}"',
    },
  },
  'no-webhook': { webhooks: [] },
  'lost-response': { answer: CUT, webhooks: [] },
  slow: { answerDelayMs: SLOW_ANSWER_MS },
  error: {
    take: false,
    answer: {
      kind: 'coded',
      httpStatus: 500,
      code: 'Exception',
      description: 'An unhandled Exception has occurred. Transaction has been cancelled',
    },
  },
} as const satisfies Record<string, Behaviour>;

/** Faults for tests, by name. Those that only change an answer fit every endpoint. */
const FAULTS = {
  throttled: { take: false, answer: verbatim(429, '', { 'Retry-After': '1' }) },
  unavailable: {
    take: false,
    answer: verbatim(503, '<h1>503 Service Unavailable</h1>', { 'Content-Type': 'text/html' }),
  },
  'error-before-taking': { take: false, answer: verbatim(500, '') },
  'error-after-taking': { answer: verbatim(500, '') },
  redirect: { take: false, answer: verbatim(307, '', { Location: '/redirected/financial/v2/transaction/execute' }) },
  garbage: { answer: verbatim(200, '{"durationMs":15,"status":', JSON_HEADERS) },
  html: { answer: verbatim(200, '<html><body>Welcome</body></html>', { 'Content-Type': 'text/html' }) },
  empty: { answer: verbatim(200, '', JSON_HEADERS) },
  'wrong-content-type': { answer: { kind: 'extended', headers: { 'Content-Type': 'text/plain' } } },
  'extra-fields': { answer: { kind: 'extended', fields: { somethingNew: { nested: [1, 'two'] }, version: '6.0' } } },
  'unknown-code': {
    answer: { kind: 'coded', httpStatus: 400, code: 'SomethingNobodyDocumented', description: 'Something else' },
  },
  'not-found': {
    answer: { kind: 'coded', httpStatus: 400, code: 'UniqueIdNotFound', description: 'The Unique ID was not found' },
  },
  'cut-before-taking': { take: false, answer: CUT },
  'cut-after-taking': { answer: CUT },
  'cut-midway': { answer: { kind: 'cut-midway' } },
  'lands-late': { takeAfterMs: LATE_MS, answer: CUT },
  'never-final': { outcome: 'never-final' },
  'webhook-none': { webhooks: [] },
  'webhook-early': { settleBeforeAnswer: true },
  'webhook-late': { webhooks: [{ afterMs: LATE_MS }] },
  'webhook-twice': { webhooks: [{ copies: 2 }] },
  'webhook-replayed': { webhooks: [{ againAfterMs: LATE_MS }] },
  'webhook-reordered': { outcome: 'returned', webhooks: [{ afterMs: LATE_MS }] },
  'webhook-rekeyed': { webhooks: [{ signature: 'by-a-new-key' }] },
  'webhook-by-the-key-before': { webhooks: [{ signature: 'by-the-key-before' }] },
  'webhook-slow': { webhooks: [{ bodyOverMs: SLOW_BODY_MS }] },
  'webhook-misnamed': { outcome: 'never-final', webhooks: [{ pathName: 'NppReturn' }] },
  'webhook-unreadable': { outcome: 'never-final', webhooks: [{ fields: { Status: null } }] },
  'webhook-of-another-amount': { outcome: 'never-final', webhooks: [{ fields: { Amount: 0.01 } }] },
  'returned-in-parts': { outcome: 'returned', returns: [60, 40] },
  'returned-partly': { outcome: 'returned', returns: [60] },
  'webhook-contradictory': { webhooks: [{}, { status: 'Rejected' }] },
  'webhook-forged': { outcome: 'never-final', webhooks: [{ signature: 'by-a-stranger' }] },
  'webhook-tampered': { outcome: 'never-final', webhooks: [{ signature: 'of-another-body' }] },
  'webhook-unsigned': { outcome: 'never-final', webhooks: [{ signature: 'missing' }] },
  'webhook-unauthorised': { outcome: 'never-final', webhooks: [{ authorization: 'wrong' }] },
} as const satisfies Record<string, Behaviour>;

type DemoName = keyof typeof DEMO_BEHAVIOURS;
export type BehaviourName = DemoName | keyof typeof FAULTS;

const NAMED: ReadonlyMap<string, Behaviour> = new Map(Object.entries({ ...DEMO_BEHAVIOURS, ...FAULTS }));

export function behaviourNamed(name: string): Behaviour | undefined {
  return NAMED.get(name);
}

const DEMO_DOMAIN = '@demo.example';
/** Monoova's PayTo sandbox uses this BSB for its samples too. */
const DEMO_BSB = '802-950';
const DEMO_ACCOUNTS: Readonly<Record<string, DemoName>> = {
  '22090101': 'bank',
  '22090102': 'instant',
  '22090103': 'rejected',
  '22090104': 'returned',
  '22090105': 'no-funds',
  '22090106': 'no-webhook',
  '22090107': 'lost-response',
  '22090108': 'slow',
  '22090109': 'error',
  '22090110': 'rejected-quoting',
};

/** The behaviour reserved for this payee; undefined for ordinary payees, which are paid as `payid` is. */
export function demoBehaviourOf(payee: Payee): Behaviour | undefined {
  if (payee.kind === 'BankAccount') {
    if (payee.bsb !== DEMO_BSB || !Object.hasOwn(DEMO_ACCOUNTS, payee.accountNumber)) return undefined;
    return behaviourNamed(DEMO_ACCOUNTS[payee.accountNumber] ?? '');
  }
  const payId = payee.payId.toLowerCase();
  if (!payId.endsWith(DEMO_DOMAIN)) return undefined;
  const localPart = payId.slice(0, -DEMO_DOMAIN.length);
  return Object.hasOwn(DEMO_BEHAVIOURS, localPart) ? behaviourNamed(localPart) : undefined;
}

function verbatim(httpStatus: number, body: string, headers: Record<string, string> = {}): Answer {
  return { kind: 'verbatim', httpStatus, headers, body };
}
