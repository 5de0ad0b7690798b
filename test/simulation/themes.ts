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
const AT_THE_END: Leaning = {
  label: /task_token$|DeleteItem idempotency$|GET public key$|(Over|LetOther)\w+ is entered$/,
  rate: 0.6,
};
/** However many webhooks the run would lose. */
const WEBHOOKS_COME: Leaning = { label: /^monoova: webhook comes$/, rate: 0 };
const WEBHOOKS_ARE_LOST: Leaning = { label: /^monoova: webhook comes$/, rate: 0.9 };
const PERSON_COMES: Leaning = { label: /^person is called about a payout$/, rate: 0.02 };
/** So that a run's few payouts are more than one page. */
const FEW_AT_ONCE: Leaning = { label: /^reconciliation looks after few at once$/, rate: 0.6 };
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
  'people who send again': [
    PERSON_COMES,
    // Before the guard is out of patience, which then has another to start.
    { label: /^a person looks after a payout unasked$/, rate: 0.5 },
    { label: /^check-settlement: StartExecution$/, rate: 0.95 },
    { label: /^person: (UpdateItem .* status guards|StartExecution)$/, rate: 0.6 },
    { label: /^person: SendTaskSuccess$/, rate: 0.9, kinds: ['denied'] },
    AT_THE_END,
    { label: /^person: GET status$/, rate: 0.5, share: 0.5 },
    { label: /^submit-payment: POST execute$/, rate: 0.8, kinds: ['unanswered before', 'cut before'] },
  ],
  'a person whose key is refused': [
    AT_THE_END,
    PERSON_COMES,
    { label: /^person: GET status$/, rate: 0.9, kinds: ['key refused', 'forbidden before'] },
    { label: /: PutItem controls/, rate: 0.9 },
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
    { label: /^receive-webhook: UpdateItem transactions transaction_id task_token$/, rate: 0.95 },
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
    WEBHOOKS_COME,
  ],
  // Its own write is there, and it does not hear so; meanwhile a webhook ends the payout and keeps a bell for whoever comes next.
  'bells that the next one rings': [
    WEBHOOKS_COME,
    { label: /^monoova: webhook( is odd)?$/, rate: 0 },
    { label: /^monoova: course$/, rate: 0.9, kinds: ['at once', 'rejected at once'] },
    { label: /^receive-webhook: SendTaskSuccess$/, rate: 0.95, kinds: ['denied'] },
    { label: /^receive-webhook: UpdateItem .* task_token$/, rate: 0 },
    AT_THE_END,
    { label: /^submit-payment: SendTaskSuccess$/, rate: 0 },
    { label: /^submit-payment: UpdateItem .* revision$/, rate: 0.7, kinds: ['lost'] },
    { label: /^submit-payment: GET status$/, rate: 0.6 },
  ],
  // A guard that is called too early writes that nothing was found, and does not hear that it has; a webhook comes meanwhile.
  'bells that a guard rings': [
    WEBHOOKS_COME,
    { label: /^monoova: webhook( is odd)?$/, rate: 0 },
    { label: /^monoova: course$/, rate: 0.9, kinds: ['at once', 'rejected at once'] },
    { label: /^doorbell has just been hung$/, rate: 1 },
    { label: /^(submit-payment|check-settlement): GET status$/, rate: 0.95, kinds: ['not found yet'] },
    { label: /^receive-webhook: SendTaskSuccess$/, rate: 0.95, kinds: ['denied'] },
    { label: /^receive-webhook: UpdateItem .* task_token$/, rate: 0 },
    { label: /^check-settlement: UpdateItem .* task_token$/, rate: 0.95 },
    AT_THE_END,
    { label: /^check-settlement: SendTaskSuccess$/, rate: 0 },
    { label: /^check-settlement: UpdateItem .* revision$/, rate: 0.6, kinds: ['lost'] },
  ],
  letters: [
    WEBHOOKS_COME,
    AT_THE_END,
    { label: /^monoova: course$/, rate: 0.6, kinds: ['slow', 'rejected', 'returned'] },
    { label: /^receive-webhook: UpdateItem transactions transaction_id revision$/, rate: 0.95, kinds: ['denied'] },
    { label: /^receive-webhook: SendMessage$/, rate: 0.9, share: 0.3, kinds: ['denied'] },
    { label: /^retry-webhook: SendTaskSuccess$/, rate: 0.9, share: 0.7, kinds: ['denied'] },
    { label: /^retry-webhook: UpdateItem transactions transaction_id revision$/, rate: 0.6, share: 0.4 },
  ],
  mornings: [
    AT_THE_END,
    EVERY_MORNING,
    FEW_AT_ONCE,
    WEBHOOKS_ARE_LOST,
    { label: /^the table is restored$/, rate: 0.4 },
    { label: /^monoova: books$/, rate: 0.6 },
    { label: /^reconcile: GET status$/, rate: 0.6, share: 0.7 },
    { label: /^reconcile: SendTaskSuccess$/, rate: 0.8, share: 0.8 },
    { label: /^reconcile: UpdateItem/, rate: 0.6, share: 0.6 },
    { label: /^reconcile: (?!environment)/, rate: 0.5, share: 0.2 },
    { label: /^monoova: course$/, rate: 0.6, kinds: ['slow', 'returned', 'never final'] },
    ...BLIND,
  ],
  'mornings that end what nobody has ended': [
    AT_THE_END,
    EVERY_MORNING,
    FEW_AT_ONCE,
    WEBHOOKS_ARE_LOST,
    { label: /^reconcile: SendTaskSuccess$/, rate: 0.9, kinds: ['denied'] },
    { label: /^reconcile: UpdateItem .* revision$/, rate: 0.5, share: 0.3 },
    { label: /^reconcile: GET status$/, rate: 0.6, share: 0.4 },
    ...BLIND,
  ],
  // What a webhook says is not what the books say, so that each morning finds it again: one keeps the bell, a later one rings it.
  'bells that the next morning rings': [
    WEBHOOKS_COME,
    EVERY_MORNING,
    { label: /^monoova: webhook$/, rate: 0 },
    { label: /^monoova: judgement$/, rate: 0 },
    { label: /^monoova: course$/, rate: 0.9, kinds: ['rejected'] },
    { label: /^(submit-payment|check-settlement): GET status$/, rate: 0.97, kinds: SAYS_NOTHING },
    { label: /^submit-payment: POST execute$/, rate: 0 },
    { label: /^monoova: webhook is odd$/, rate: 0.95, kinds: ['contradictory'] },
    { label: /^(receive|retry)-webhook: SendTaskSuccess$/, rate: 0.98, kinds: ['denied'] },
    { label: /^(receive|retry)-webhook: UpdateItem .* task_token$/, rate: 0 },
    { label: /^reconcile: SendTaskSuccess$/, rate: 0.5, kinds: ['denied'] },
    { label: /^reconcile: UpdateItem .* status task_token$/, rate: 0 },
    { label: /^reconcile: UpdateItem .* task_token$/, rate: 0.95 },
    { label: /^(operator|the table is restored|client: request)$/, rate: 0 },
    AT_THE_END,
  ],
  restores: [
    AT_THE_END,
    FEW_AT_ONCE,
    { label: /^the table is restored$/, rate: 1 },
    { label: /^monoova: books$/, rate: 0.8, share: 0.4 },
    { label: /^monoova: judgement$/, rate: 0.6, share: 0.7 },
    { label: /^reconcile: (PutItem transactions .*|UpdateItem .* status guards)$/, rate: 0.6 },
    { label: /^reconcile: GET status$/, rate: 0.6, share: 0.8 },
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
