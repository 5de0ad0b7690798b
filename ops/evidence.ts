import { scrub } from '../functions/adapters/monoova/scrub.ts';
import { UsageError } from './errors.ts';

const EVIDENCE_MIN_CHARACTERS = 10;
/** Some sentences; the history keeps the first 140 characters of them. */
const TYPED_MAX_CHARACTERS = 1_000;
/** The scrubber's mark for what it took out. */
const REMOVED = '***';

/**
 * A person's words as the history keeps them: by the rules for Monoova's free text, in one line of at most 140 characters. What those
 * rules would take out is refused, so that the person says it otherwise and the record does not hold half a sentence. The name of a
 * payee cannot be known here.
 * @throws {UsageError} that says what to write instead.
 */
export function evidenceFrom(typed: string): string {
  if (typed.length > TYPED_MAX_CHARACTERS)
    throw new UsageError('--evidence is one or two sentences: who told what, when');
  const evidence = scrub(typed);
  if (evidence.includes(REMOVED)) throw new UsageError(`--evidence ${LOOKS_LIKE_AN_ACCOUNT}`);
  if (evidence.length >= EVIDENCE_MIN_CHARACTERS) return evidence;
  throw new UsageError('--evidence says who told what, and when: at least 10 characters');
}

const LOOKS_LIKE_AN_ACCOUNT =
  'holds what may be an account number, a PayID or an e-mail address (five digits or more, also spaced out, or an @), and the history ' +
  'must hold none. Write a date with the name of its month, a person by their role and a ticket by its last four digits, with words ' +
  'between any two numbers: "23 Nov 2026, Monoova\'s support, ticket ending 4711: they never had it"';
