import type { Equivalent } from './equivalent.ts';

export const inMachines: readonly Equivalent[] = [
  {
    reason:
      'A record that is not there has no status, so that `#status = :pending` refuses it as well; the condition without that part is noticed.',
    ids: ['settlement AwaitOutcome: without attribute_exists(transaction_id)'],
  },
];
