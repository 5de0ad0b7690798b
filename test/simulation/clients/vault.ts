import type { Destination } from '../../../domain/destination.ts';
import { DestinationUnusableError } from '../../../domain/errors.ts';
import type { DestinationCipher, DestinationContext } from '../../../functions/shared/ports.ts';

/** In every secret of a destination, and in nothing else: one search finds any plain text in all that can be seen. */
export const SECRETS = /vorpal|7394162/i;

type Kept = { readonly destination: Destination; readonly context: DestinationContext };

/**
 * Stands in for the cipher, which takes a millisecond and has tests of its own: a ciphertext is a handle, and opens only under
 * the context that it was made under.
 */
export class Vault implements DestinationCipher {
  readonly #kept: Kept[] = [];

  async encrypt(destination: Destination, context: DestinationContext): Promise<string> {
    return this.lock(destination, context);
  }

  async decrypt(ciphertext: string, context: DestinationContext): Promise<Destination> {
    const kept = this.#kept[Number(ciphertext.slice(PREFIX.length))];
    const isRight =
      kept?.context.customer_id === context.customer_id && kept.context.destination_id === context.destination_id;
    if (isRight) return kept.destination;
    throw new DestinationUnusableError(`Destination ${context.destination_id} of ${context.customer_id}.`);
  }

  lock(destination: Destination, context: DestinationContext): string {
    return `${PREFIX}${this.#kept.push({ destination, context }) - 1}`;
  }
}

const PREFIX = 'ciphertext-';
