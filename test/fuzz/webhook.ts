import fc, { type Arbitrary } from 'fast-check';
import { type Body, bodyOf } from './bodies.ts';
import { event } from './events.ts';
import { type Header, otherHeaders } from './headers.ts';
import { suffixFor } from './paths.ts';
import { type ProofPlan, proof } from './proofs.ts';

/** A webhook to be: of which payout, and all that is sent. */
export type Webhook = {
  /** Taken modulo the number of payouts. */
  readonly payout: number;
  readonly eventName: string;
  readonly body: Body;
  /** What comes behind `/webhooks/monoova`. */
  readonly suffix: string;
  readonly proof: ProofPlan;
  readonly headers: readonly Header[];
  /** So many webhooks before this one the same bytes were sent, which are sent again; 0 for bytes of its own. */
  readonly repeats: number;
};

const REPEATED_MAX = 500;

const repeats = fc.oneof(
  { arbitrary: fc.constant(0), weight: 15 },
  { arbitrary: fc.integer({ min: 1, max: REPEATED_MAX }), weight: 1 },
);

const webhook: Arbitrary<Webhook> = event.chain((one) =>
  fc.record({
    payout: fc.nat(),
    eventName: fc.constant(one.name),
    body: bodyOf(one),
    suffix: suffixFor(one.name),
    proof,
    headers: otherHeaders,
    repeats,
  }),
);

/** The same seed and number always give the same webhooks. */
export function webhooksOf(seed: number, count: number): Webhook[] {
  return fc.sample(webhook, { seed, numRuns: count });
}
