import type { Equivalent } from './equivalent.ts';

export const inFunctions: readonly Equivalent[] = [
  {
    reason:
      'A record that is not there has no revision, so that `#revision = :previous` refuses it as well; the condition without that part is noticed.',
    ids: [
      'functions/adapters/payout-store.ts attribute_exists(transaction_id) AND #revision = :previous, without attribute_exists(transaction_id)',
    ],
  },
  {
    reason:
      'It chooses the words of one log line, and no answer, record or metric; what is logged is held against plain text alone.',
    ids: [
      "functions/shared/look-up.ts reason: the choice (result.kind === 'unknown') is always true",
      "functions/shared/look-up.ts reason: the choice (result.kind === 'unknown') is always false",
    ],
  },
];
