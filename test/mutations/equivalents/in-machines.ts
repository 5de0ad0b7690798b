import type { Equivalent } from './equivalent.ts';

export const inMachines: readonly Equivalent[] = [
  {
    reason:
      'One hold more than there may be is none (is_held asks the same of the count before it), so that nobody reads how many more there were.',
    ids: [
      'settlement CheckSettlement: Assign.holds_begun: and ($holds_begun < 578) is always true',
      'settlement SubmitPayment: Assign.holds_begun: and ($holds_begun < 578) is always true',
    ],
  },
  {
    reason:
      'A record that is not there has no status, so that `#status = :pending` refuses it as well; the condition without that part is noticed.',
    ids: ['settlement AwaitOutcome: without attribute_exists(transaction_id)'],
  },
  {
    reason:
      'A pause refuses only after a second look for the payout (Paused goes to FindPayout), and controls that cannot be read refuse nothing (503, ask again), so that a ' +
      'replay has its answer in either order.',
    ids: ['submission the pause is asked for before the replay is looked for (controls ─▶ find)'],
  },
];
