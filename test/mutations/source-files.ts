/** A file whose decisions are switched off one at a time, but for the functions that are left out, each with its reason. */
export type GuardedFile = { readonly file: string; readonly leaves: Readonly<Record<string, string>> };

const LISTS = 'reads lists for people, and moves no money';
const PEOPLE = 'only people and the reconciliation call it; their tests hold it (test/domain, test/ops)';
const TELLS = 'tells people what happened, and changes nothing';

/** The files whose every decision protects money. A function that is added to one of them is a guard until it is named here. */
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
];

/** Further files that hold condition expressions, and decisions that protect no money. */
export const CONDITION_FILES = ['functions/adapters/controls.ts', 'functions/adapters/keyless-memos.ts'];
