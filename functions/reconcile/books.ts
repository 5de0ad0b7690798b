import { parseReference, type UniqueReference } from '../../domain/reference.ts';
import type { BookedStatus, StatementLine } from '../shared/ports.ts';

/** All that the books of one day say under one reference. */
export type BookedPayment = {
  readonly reference: UniqueReference;
  readonly statuses: readonly BookedStatus[];
  readonly lines: readonly StatementLine[];
};

/**
 * The books of a day by reference, in the order of references, so that a call can go on where the last one ended however many payments
 * have come in between. `foreign` counts statuses of references that are no UUIDs, and so none of ours. Pure.
 */
export function paymentsOf(
  statuses: readonly BookedStatus[],
  lines: readonly StatementLine[],
): { readonly payments: readonly BookedPayment[]; readonly foreign: number } {
  const statusesBy = Map.groupBy(statuses, (status) => referenceIn(status));
  const linesBy = Map.groupBy(lines, (line) => referenceIn(line));
  const references = new Set([...statusesBy.keys(), ...linesBy.keys()].filter((reference) => reference !== undefined));
  return {
    payments: [...references].sort().map((reference) => ({
      reference,
      statuses: statusesBy.get(reference) ?? [],
      lines: linesBy.get(reference) ?? [],
    })),
    foreign: statusesBy.get(undefined)?.length ?? 0,
  };
}

/** Monoova may give a reference back in another letter case than it was sent in: the webhooks' reader thinks so too. */
function referenceIn({ uniqueReference }: { readonly uniqueReference: string }): UniqueReference | undefined {
  return parseReference(uniqueReference.toLowerCase());
}
