import { isFinal } from '../../../domain/payout.ts';
import type { TransactionId } from '../../../domain/reference.ts';
import { CommandError } from '../../../ops/errors.ts';
import type { Resolution } from '../../../ops/resolution.ts';
import { type ResolveDeps, resolvePayout } from '../../../ops/resolve-payout.ts';
import { Caller } from '../caller.ts';
import type { Item } from '../database/stored-value.ts';
import type { Surroundings } from '../surroundings.ts';

/** What Monoova's people say of a reference; `open` while they cannot say for certain. */
export type Evidence = 'completed' | 'rejected' | 'nothing received' | 'open';

export type SecondPersonDeps = {
  readonly around: Surroundings;
  readonly resolvingFor: (caller: Caller) => ResolveDeps;
  readonly evidenceOf: (transactionId: string) => Evidence;
};

const COMES_MS = { min: 300_000, max: 3 * 86_400_000 } as const;
const LOOKS_UP_MS = { min: 1, max: 600_000 } as const;
const VISITS_MAX = 4;
const UNASKED_RATE = 0.02;

/**
 * The person whom an escalation calls: asks Monoova's people, and writes down what they say. What they say is true, since a person's
 * word is all that stands against a second payment then; it may be old by the time it is written.
 */
export class SecondPerson {
  readonly #deps: SecondPersonDeps;
  readonly #visits = new Map<string, number>();

  constructor(deps: SecondPersonDeps) {
    this.#deps = deps;
  }

  /** Sees every change of a record: now and then somebody looks after a payout of which nobody was told yet, while its guard waits. */
  onRecord(before: Item | undefined, after: Item | undefined): void {
    if (before !== undefined || after === undefined) return;
    const transactionId = String(after['transaction_id']);
    const label = 'a person looks after a payout unasked';
    const point = {
      name: `${label}: ${transactionId}`,
      label,
      service: 'people',
      kinds: ['looks'],
      rate: UNASKED_RATE,
    };
    if (this.#deps.around.gate.at(point)) this.#come(transactionId, `person unasked for ${transactionId}`);
  }

  /** Comes once for each escalation, unless nobody does. */
  onEscalated(transactionId: string): void {
    const count = (this.#visits.get(transactionId) ?? 0) + 1;
    this.#visits.set(transactionId, count);
    if (count > VISITS_MAX) return;
    const name = `person ${count} for ${transactionId}`;
    const label = 'person is called about a payout';
    const { gate } = this.#deps.around;
    if (gate.at({ name, label, service: 'people', kinds: ['nobody comes'], rate: 0.2 })) return;
    this.#come(transactionId, name);
  }

  #come(transactionId: string, name: string): void {
    const { chance, time } = this.#deps.around;
    const comesMs = Math.round(chance.spread(`${name} comes`, COMES_MS.min, COMES_MS.max));
    const looksUpMs = Math.round(chance.spread(`${name} looks`, LOOKS_UP_MS.min, LOOKS_UP_MS.max));
    time.after(comesMs, () => {
      const evidence = this.#deps.evidenceOf(transactionId);
      if (evidence === 'open') return this.onEscalated(transactionId);
      time.after(looksUpMs, () => this.#resolve(transactionId, this.#resolutionOf(evidence, name), name));
    });
  }

  #resolutionOf(evidence: Exclude<Evidence, 'open'>, name: string): Resolution {
    if (evidence !== 'nothing received') return evidence;
    return this.#deps.around.chance.unit(`${name} decides`) < 0.5 ? 'failed' : 'resend';
  }

  /** As `payouts resolve` does it. A command that fails is tried again by whoever is called next. */
  #resolve(transactionId: string, as: Resolution, name: string): void {
    const { around, resolvingFor } = this.#deps;
    const caller = new Caller(name, 'person');
    const asked = {
      transactionId: transactionId as TransactionId,
      as,
      evidence: `simulated ticket: ${as}`,
      by: 'arn:aws:iam::000000000000:user/second-person',
      attempt: name,
    };
    around.trace.note(name, () => `resolves it as ${as}`);
    const deps = resolvingFor(caller);
    resolvePayout(deps, asked)
      .catch(async (error: unknown) => {
        around.trace.note(name, () => `fails: ${String(error)}`);
        if (error instanceof CommandError) return;
        const payout = await deps.store.read(transactionId);
        if (payout && !isFinal(payout.status)) this.onEscalated(transactionId);
      })
      .catch((error: unknown) => around.trace.note(name, () => `fails again: ${String(error)}`));
  }
}
