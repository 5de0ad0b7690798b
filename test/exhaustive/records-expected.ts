import { GUARDS_MAX } from '../../domain/guard.ts';
import type { Payout } from '../../domain/payout.ts';

/** A record as it is stored; undefined where there is none. */
export type Stored = Payout | undefined;
/** What a writer wants, having read `previous` a while ago. */
export type Wish =
  | { readonly kind: 'read' }
  | { readonly kind: 'replace'; readonly previous: Payout; readonly next: Payout }
  | { readonly kind: 'raiseFence'; readonly previous: Payout; readonly next: Payout; readonly nowMs: number }
  | { readonly kind: 'claimGuard'; readonly previous: Payout }
  | { readonly kind: 'keepDoorbell' | 'dropDoorbell'; readonly token: string }
  /** What the guard's AwaitOutcome does, which asks no store. */
  | { readonly kind: 'hang'; readonly token: string };
export type Granted = { readonly stored: Stored; readonly answer: unknown };

/** What the design says that a record holds after a wish, and what the writer is answered. */
export function grantedOf(stored: Stored, wish: Wish): Granted {
  if (wish.kind === 'read') return { stored, answer: stored };
  // Nothing but the submission's own record makes a payout.
  if (stored === undefined) return { stored, answer: refusalOf(wish) };
  const isOpen = stored.status === 'Pending';
  switch (wish.kind) {
    case 'replace': {
      if (stored.revision !== wish.previous.revision) return { stored, answer: { written: false } };
      const doorbell = stored.task_token === undefined ? {} : { taskToken: stored.task_token };
      return { stored: overwritten(stored, wish.next), answer: { written: true, ...doorbell } };
    }
    case 'raiseFence': {
      const isFree = stored.posting_until === undefined || Date.parse(stored.posting_until) <= wish.nowMs;
      const isRaised = isOpen && isFree && stored.revision === wish.previous.revision;
      if (isRaised) return { stored: overwritten(stored, wish.next), answer: true };
      // Refused by the fence that the same attempt raised: the answer to that was lost.
      return { stored, answer: isOpen && stored.posting_by === wish.next.posting_by };
    }
    case 'claimGuard': {
      const number = (wish.previous.guards ?? 1) + 1;
      if (!isOpen || number > GUARDS_MAX) return { stored, answer: undefined };
      const highest = Math.max(stored.guards ?? 1, number);
      return { stored: { ...stored, guards: highest }, answer: highest };
    }
    case 'keepDoorbell':
      return { stored: isOpen ? stored : { task_token: wish.token, ...stored }, answer: undefined };
    case 'dropDoorbell':
      return { stored: stored.task_token === wish.token ? without(stored, 'task_token') : stored, answer: undefined };
    case 'hang':
      return { stored: isOpen ? { ...stored, task_token: wish.token } : stored, answer: undefined };
  }
}

function refusalOf({ kind }: Wish): unknown {
  if (kind === 'replace') return { written: false };
  return kind === 'raiseFence' ? false : undefined;
}

/** The doorbell and the number of guards are written by others, beside the revision; an end takes the doorbell and the secrets out. */
function overwritten(stored: Payout, next: Payout): Stored {
  const { task_token, guards } = stored;
  const kept = {
    ...without(next, 'task_token', 'guards'),
    ...(guards !== undefined && { guards }),
    ...(task_token !== undefined && { task_token }),
  } as Payout;
  return next.status === 'Pending' ? kept : without(kept, 'task_token', 'destination_ciphertext', 'open');
}

/** Also without what is undefined: an attribute is there or it is not. */
function without(payout: Payout, ...names: string[]): Payout {
  const kept = Object.entries(payout).filter(([name, value]) => value !== undefined && !names.includes(name));
  return Object.fromEntries(kept) as Payout;
}
