import type { Scope } from './scope.ts';

/** A scope, and what its exploration must come to. */
export type Expected = {
  readonly scope: Scope;
  /** Small enough to be explored with every run of the tests. */
  readonly isQuick: boolean;
  /** The promise that has to break here; undefined where all are kept. */
  readonly breaks?: RegExp;
};

const ONE: Omit<Scope, 'name'> = {
  profile: 'never-dedupes',
  resubmission: 'never',
  requests: 1,
  lostAnswers: 1,
  crashes: 1,
  delays: 0,
  deliveries: 1,
  answers: ['Ok'],
  endings: ['completed'],
};
const TWO = { ...ONE, requests: 2 } as const;
const DEDUPES = { profile: 'dedupes', resubmission: 'after-quiet-period' } as const;
/** The one pair in which the design promises nothing: what is sent again may be paid again. */
const UNSAFE = { profile: 'never-dedupes', resubmission: 'after-quiet-period' } as const;
const ANYTHING = { answers: ['Ok', 'Pending', 'decline'], endings: ['completed', 'rejected'] } as const;

export const SCOPES: readonly Expected[] = [
  { isQuick: true, scope: { ...TWO, name: 'two requests, a webhook', lostAnswers: 0, crashes: 0 } },
  { isQuick: false, scope: { ...TWO, name: 'two requests, a lost answer and a crash', deliveries: 0 } },
  { isQuick: false, scope: { ...ONE, name: 'one request, all answers of Monoova', ...ANYTHING, crashes: 0 } },
  { isQuick: true, scope: { ...ONE, name: 'one request, a delay', lostAnswers: 0, crashes: 0, delays: 1 } },
  { isQuick: true, scope: { ...ONE, ...DEDUPES, name: 'one request, sent again', crashes: 0, deliveries: 0 } },
  {
    isQuick: true,
    scope: { ...ONE, ...UNSAFE, name: 'one request, sent again to one who pays again', crashes: 0 },
    breaks: /PAID TWICE/,
  },
  { isQuick: false, scope: { ...TWO, name: 'two requests, a webhook, a lost answer and a crash' } },
  {
    isQuick: false,
    scope: { ...TWO, ...DEDUPES, name: 'two requests, a webhook, a lost answer and a crash, sent again' },
  },
  {
    isQuick: false,
    scope: { ...ONE, name: 'one request, a lost answer, a crash, all answers of Monoova', ...ANYTHING },
  },
  {
    isQuick: false,
    scope: {
      ...ONE,
      name: 'one request, a lost answer and a delay, two deliveries',
      crashes: 0,
      delays: 1,
      deliveries: 2,
    },
  },
  {
    isQuick: false,
    scope: {
      ...ONE,
      ...DEDUPES,
      name: 'one request, a crash and a delay, sent again',
      lostAnswers: 0,
      delays: 1,
      deliveries: 1,
    },
  },
];
