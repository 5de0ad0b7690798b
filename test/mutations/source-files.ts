/** A file whose decisions are switched off one at a time, but for the functions that are left out, each with its reason. */
export type GuardedFile = { readonly file: string; readonly leaves: Readonly<Record<string, string>> };

const LISTS = 'reads lists for people, and moves no money';
const PEOPLE = 'only people and the reconciliation call it; their tests hold it (test/domain, test/ops)';
const TELLS = 'tells people what happened, and changes nothing';

/** The files whose every decision protects money, or what goes on beside it (pauses, webhooks, keys). A function that is added to one of them is a guard until it is named here. */
export const GUARDED_FILES: readonly GuardedFile[] = [
  {
    file: 'domain/payout.ts',
    leaves: {
      payoutSchema: 'refuses a record that nobody of ours writes; test/domain holds it',
      isOutrun: PEOPLE,
      roundOfFact: PEOPLE,
      withoutExcess: PEOPLE,
    },
  },
  { file: 'domain/submission-rule.ts', leaves: {} },
  { file: 'functions/shared/settle.ts', leaves: { report: TELLS, measureCompletion: TELLS } },
  { file: 'functions/shared/look-up.ts', leaves: {} },
  { file: 'functions/submit-payment/handler.ts', leaves: { count: TELLS } },
  { file: 'functions/check-settlement/handler.ts', leaves: {} },
  { file: 'functions/adapters/payout-store.ts', leaves: { listPayouts: LISTS, list: LISTS, claimGuard: PEOPLE } },
  { file: 'functions/adapters/task-tokens.ts', leaves: {} },
  { file: 'functions/adapters/monoova/client.ts', leaves: {} },
  {
    file: 'functions/adapters/monoova/errors.ts',
    leaves: { described: TELLS, secondsOf: 'how long to leave Monoova alone; test/functions holds it' },
  },
  { file: 'domain/controls.ts', leaves: {} },
  { file: 'domain/breaker.ts', leaves: {} },
  { file: 'functions/shared/gate.ts', leaves: { announce: TELLS } },
  { file: 'functions/shared/change-controls.ts', leaves: {} },
  { file: 'functions/adapters/controls.ts', leaves: {} },
  { file: 'functions/receive-webhook/handler.ts', leaves: {} },
  { file: 'functions/receive-webhook/apply-fact.ts', leaves: {} },
  { file: 'functions/receive-webhook/keep-for-person.ts', leaves: {} },
  { file: 'functions/receive-webhook/ports.ts', leaves: {} },
  { file: 'functions/retry-webhook/handler.ts', leaves: {} },
  { file: 'functions/adapters/monoova/webhook-proof.ts', leaves: {} },
  { file: 'functions/adapters/monoova/signing-keys.ts', leaves: {} },
  { file: 'functions/validate-payout/handler.ts', leaves: {} },
  { file: 'functions/adapters/keyless-memos.ts', leaves: {} },
];
