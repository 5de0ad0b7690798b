import type { Chance } from './chance.ts';
import type { Point } from './faults.ts';

/** How a run with a theme draws at the labels that a pattern fits, in place of what the run has. The first that fits counts. */
type Leaning = {
  readonly label: RegExp;
  readonly rate: number;
  /** By default all that the label has. */
  readonly kinds?: readonly string[];
  /** Of so many labels, drawn run by run; at the others of the pattern nothing goes wrong, so that what lies behind them is come to. */
  readonly share?: number;
};

export type Habits = { readonly rate: number; readonly kinds: readonly string[] };

const SAYS_NOTHING = ['unanswered before', 'unanswered after', 'unavailable before', 'garbage after', 'error before'];
/** A guard that finds out nothing: somebody else has to, while it waits. */
const BLIND: readonly Leaning[] = [
  { label: /^(check-settlement|submit-payment): GET status$/, rate: 0.97, kinds: SAYS_NOTHING },
  {
    label: /^submit-payment: POST execute$/,
    rate: 0.6,
    kinds: ['unanswered before', 'unanswered after', 'cut before'],
  },
];

/** At the very end of a way that few runs go: there something goes wrong more often than not. */
const AT_THE_END: Leaning = { label: /task_token$|DeleteItem idempotency$|(Over|LetOther)\w+ is entered$/, rate: 0.6 };
const PERSON_COMES: Leaning = { label: /^person is called about a payout$/, rate: 0.02 };
const EVERY_MORNING: Leaning = { label: /^reconciliation comes every morning$/, rate: 0.9 };
const KEY_REFUSED = ['key refused'];

/** By what a run is about. */
const THEMES: Readonly<Record<string, readonly Leaning[]>> = {
  people: [
    AT_THE_END,
    PERSON_COMES,
    { label: /^person: SendTaskSuccess$/, rate: 0.8, share: 0.7 },
    { label: /^person: /, rate: 0.6, share: 0.35 },
    ...BLIND,
  ],
  'a person whose key is refused': [
    AT_THE_END,
    PERSON_COMES,
    { label: /^person: GET status$/, rate: 0.9, kinds: ['key refused', 'forbidden before'] },
    { label: /: PutItem controls/, rate: 0.6 },
    // Nobody else has anything to write into the control item.
    { label: /^check-settlement: GET status$/, rate: 0.97, kinds: ['not found yet'] },
    { label: /^submit-payment: POST execute$/, rate: 0 },
  ],
  'machines whose key is refused': [
    AT_THE_END,
    EVERY_MORNING,
    { label: /: PutItem controls/, rate: 0.6 },
    { label: /^check-settlement: GET status$/, rate: 0.97, share: 0.6, kinds: KEY_REFUSED },
    { label: /^reconcile: GET report$/, rate: 0.6, kinds: KEY_REFUSED },
    { label: /^submit-payment: POST execute$/, rate: 0 },
  ],
  bells: [
    AT_THE_END,
    PERSON_COMES,
    { label: /: SendTaskSuccess$/, rate: 0.6, kinds: ['denied'] },
    {
      label: /^(receive-webhook: UpdateItem transactions transaction_id revision)$/,
      rate: 0.5,
      kinds: ['denied'],
      share: 0.6,
    },
    { label: /^receive-webhook: SendMessage$/, rate: 0.6, kinds: ['denied'], share: 0.5 },
    { label: /^idempotency$/, rate: 0.4 },
    { label: /^monoova: webhook is odd$/, rate: 0.8, kinds: ['twice', 'again later'] },
  ],
  mornings: [
    AT_THE_END,
    EVERY_MORNING,
    { label: /^the table is restored$/, rate: 0.4 },
    { label: /^monoova: books$/, rate: 0.6 },
    { label: /^reconcile: GET status$/, rate: 0.6, share: 0.7 },
    { label: /^reconcile: SendTaskSuccess$/, rate: 0.8, share: 0.6 },
    { label: /^reconcile: UpdateItem/, rate: 0.6, share: 0.6 },
    { label: /^reconcile: (?!environment)/, rate: 0.5, share: 0.2 },
    { label: /^monoova: course$/, rate: 0.6, kinds: ['slow', 'returned', 'never final'] },
    ...BLIND,
  ],
};

const NAMES = Object.keys(THEMES);
const SHARE = 0.5;

/** What a run is about; half of those in which anything goes wrong are about nothing in particular. */
export function themeOf(chance: Chance): string | undefined {
  return NAMES[Math.floor((chance.unit('theme') / SHARE) * NAMES.length)];
}

/** What a theme makes of a point; undefined where it says nothing of it. A label has one kind in a run, each as often as any other. */
export function leaningTo(theme: string | undefined, chance: Chance, { label, kinds }: Point): Habits | undefined {
  const leaning = theme === undefined ? undefined : THEMES[theme]?.find((one) => one.label.test(label));
  if (!leaning) return undefined;
  const isHit = chance.unit(`leaning ${label}`) < (leaning.share ?? 1);
  const possible = leaning.kinds?.filter((kind) => kinds.includes(kind)) ?? kinds;
  const one = possible[Math.floor(chance.unit(`kind in theme ${label}`) * possible.length)];
  return { rate: isHit ? leaning.rate : 0, kinds: one === undefined ? [] : [one] };
}
