/**
 * What can go wrong at an effect, by who makes it. `killed` means that the function's process ends there: nothing ever answers
 * it again, and what it would have done later does not happen.
 *
 *     asked ──▶ done ──▶ heard
 *     │         │        └ (nothing went wrong)
 *     │         └ lost, unheard, killed-after
 *     └ refused, denied, killed-before; late: done, but long after whoever asked has given up
 */

/** A call of a function to AWS, through an SDK that tries three times. */
export const SDK_FAULTS = [
  /** This try is refused (throttling, a server's error); the SDK tries again. */
  'refused',
  /** Refused for good. */
  'denied',
  /** Done, but this try's answer is lost; the SDK tries again. */
  'lost',
  /** Done, and no try's answer comes back. */
  'unheard',
  /** This try is done long after the SDK gave it up and tried again. */
  'late',
  'killed-before',
  'killed-after',
] as const;

/** A call of a state machine to AWS. */
export const TASK_FAULTS = [
  /** Throttled, which machines repeat. */
  'throttled',
  /** Refused for good. */
  'denied',
  /** Done, and the machine is told of a server's error. */
  'lost',
  /** Done, and the machine hears nothing: States.Timeout. */
  'unheard',
  /** Done long after States.Timeout. */
  'late',
] as const;

/** A call of a state machine to a function. */
export const INVOKE_FAULTS = [
  /** Throttled: the function does not run. */
  'throttled',
  /** The service fails before the function runs. */
  'failed-before',
  /** The service fails, while the function runs to its end all the same. */
  'failed-during',
  /** The function's process ends before its first step. */
  'killed-at-start',
  /** The function runs to its end, and its process ends before it can answer. */
  'killed-at-end',
  /** The function runs to its end, and the machine hears nothing: States.Timeout. */
  'unheard',
  /** The function begins long after States.Timeout. */
  'late',
] as const;

/** The delivery of a webhook to its function, or of a client's request to the API. */
export const DELIVERY_FAULTS = [
  /** The gateway fails before anything runs. */
  'refused',
  /** Everything runs, and the answer is lost. */
  'unheard',
  'late',
] as const;

/** Somewhere that something can go wrong. */
export type Point = {
  /** Unique in the run, and the same whenever this moment comes in a run of this seed. */
  readonly name: string;
  /** What is counted together: which effect of which part. */
  readonly label: string;
  /** What an outage takes away together. */
  readonly service: string;
  /** In a fixed order, since chance chooses by place. */
  readonly kinds: readonly string[];
  /** How likely any of them is; by default as the run has it. */
  readonly rate?: number;
  /** So many times likelier than the run has it: for what comes once in a payout and has many ways to go wrong. */
  readonly weight?: number;
};

/** A fault that came about, by the name of its point. A list of them repeats a run. */
export type Fault = readonly [name: string, kind: string];
