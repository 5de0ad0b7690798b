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
  isLost: false,
  guards: 1,
  lostAnswers: 1,
  crashes: 1,
  delays: 0,
  deliveries: 1,
  answers: ['Ok'],
  endings: ['completed'],
};
const TWO = { ...ONE, requests: 2 } as const;
/** The submission is lost before it sends anything, so that both guards find out that it is for them to send. */
const TWO_GUARDS = { ...ONE, isLost: true, guards: 2, lostAnswers: 0, crashes: 0, deliveries: 0 } as const;
const DEDUPES = { profile: 'dedupes', resubmission: 'after-quiet-period' } as const;
/** The one pair in which the design promises nothing: what is sent again may be paid again. */
const UNSAFE = { profile: 'never-dedupes', resubmission: 'after-quiet-period' } as const;
const ANYTHING = { answers: ['Ok', 'Pending', 'decline'], endings: ['completed', 'rejected'] } as const;

export const SCOPES: readonly Expected[] = [
  { isQuick: true, scope: { ...TWO, name: 'two requests, a webhook', lostAnswers: 0, crashes: 0 } },
  { isQuick: true, scope: { ...ONE, name: 'one request, a delay', lostAnswers: 0, crashes: 0, delays: 1 } },
  { isQuick: true, scope: { ...ONE, ...DEDUPES, name: 'one request, sent again', crashes: 0, deliveries: 0 } },
  {
    isQuick: true,
    scope: { ...ONE, ...UNSAFE, name: 'one request, sent again to one who pays again', crashes: 0 },
    breaks: /PAID TWICE/,
  },
  { isQuick: false, scope: { ...TWO, name: 'two requests, a webhook, a lost answer and a crash' } },
  { isQuick: false, scope: { ...ONE, name: 'one request, whatever Monoova does', ...ANYTHING } },
  { isQuick: false, scope: { ...ONE, name: 'one request, a lost answer and a delay', crashes: 0, delays: 1 } },
  { isQuick: false, scope: { ...ONE, ...DEDUPES, name: 'one request, a lost answer and a crash, sent again' } },
  { isQuick: false, scope: { ...TWO_GUARDS, name: 'two guards' } },
  { isQuick: false, scope: { ...TWO_GUARDS, ...DEDUPES, name: 'two guards, sent again' } },
  { isQuick: false, scope: { ...TWO_GUARDS, name: 'two guards, a crash', crashes: 1 } },
];
