import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';

type Expected = { readonly [name in keyof Payout]?: unknown };

/** What the design says of these facts, whatever their order. Only of payouts whose history has room for all of them. */
export function expectedOf(start: Payout, facts: readonly Fact[]): Expected {
  if (start.history.length > 0) return {};
  const heard = facts.filter(
    ({ kind, last_posted_at }) => (kind !== 'failed' && kind !== 'resend') || last_posted_at === start.last_posted_at,
  );
  const [about, others] = [heard.filter((fact) => isAbout(start, fact)), heard.filter((fact) => !isAbout(start, fact))];
  const closes = about.some(({ kind, attempt }) => {
    return (kind === 'unreceived' || kind === 'declined') && attempt !== undefined && attempt === start.posting_by;
  });
  const numbers = new Set(about.flatMap(({ monoova_transaction_id: number }) => number ?? []));
  const returns = about.filter(({ kind }) => kind === 'returned');
  const returnedCents = sumOf(start, returns);
  const isUnclear = returns.some(
    (fact) => fact.return_transaction_id === undefined && fact.amount_cents !== start.amount_cents,
  );
  const isTooMuch = sumOfParts(returns) > (start.amount_cents ?? 0);
  const posts = start.posts - (closes ? 1 : 0);
  const ends = endsOf(about, posts);
  // Monoova has it, and every attempt came to nothing.
  const isDisputed =
    (about.some(({ kind }) => kind === 'accepted') || numbers.size > 0) && hasEndedUnpaid(about, posts);
  const conflict = others.length > 0 || numbers.size > 1 || isUnclear || isTooMuch || isDisputed || ends.size > 1;
  return {
    posts,
    received: about.some(({ kind }) => kind === 'accepted') || undefined,
    monoova_transaction_id: numbers.size > 0 ? Math.min(...numbers) : undefined,
    conflict: conflict || undefined,
    returned_cents: returnedCents || undefined,
    escalated_round: latestRound(about, ['escalated']),
    ended_unpaid_round: latestRound(about, ['declined', 'patience-ended']),
  };
}

function latestRound(facts: readonly Fact[], kinds: readonly Fact['kind'][]): number | undefined {
  const rounds = facts.filter(({ kind }) => kinds.includes(kind)).map(({ round = 0 }) => round);
  return rounds.length === 0 ? undefined : Math.max(...rounds);
}

/** Another reference or amount is about another payment. Of an amount that nobody knows a return proves nothing. */
export function isAbout({ uniqueReference, amount_cents: amountCents }: Payout, fact: Fact): boolean {
  if (fact.unique_reference !== undefined && fact.unique_reference !== uniqueReference) return false;
  if (amountCents === undefined) return fact.kind !== 'returned';
  const cents = fact.amount_cents ?? amountCents;
  return cents === amountCents || (fact.kind === 'returned' && cents >= 1 && cents < amountCents);
}

/** Ends that exclude one another. Money that comes back had arrived. */
function endsOf(facts: readonly Fact[], posts: number): ReadonlySet<string> {
  const told = facts.flatMap(({ kind }) => {
    if (kind === 'completed' || kind === 'returned') return 'arrived';
    return kind === 'rejected' || kind === 'failed' ? kind : [];
  });
  return new Set([...told, ...(hasEndedUnpaid(facts, posts) ? ['failed'] : [])]);
}

/** The latest round with a decline or an end of patience has no POST that may have arrived. */
function hasEndedUnpaid(facts: readonly Fact[], posts: number): boolean {
  const round = latestRound(facts, ['declined', 'patience-ended']);
  if (round === undefined) return false;
  const isAnswered = facts.some(({ kind, round: resend = 1 }) => kind === 'resend' && resend <= round);
  return posts === (isAnswered ? posts : 0);
}

function sumOfParts(returns: readonly Fact[]): number {
  const cents = new Map(
    returns.flatMap((fact) =>
      fact.return_transaction_id === undefined ? [] : [[fact.return_transaction_id, fact.amount_cents ?? 0] as const],
    ),
  );
  return [...cents.values()].reduce((sum, part) => sum + part, 0);
}

function sumOf({ amount_cents: amountCents = 0 }: Payout, returns: readonly Fact[]): number {
  if (returns.some((fact) => (fact.amount_cents ?? amountCents) === amountCents)) return amountCents;
  return Math.min(amountCents, sumOfParts(returns));
}
