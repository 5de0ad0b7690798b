import type { ProblemDocument } from './answers.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The document of a problem, with what is particular to this request. */
export function problemDocument(
  code: ProblemCode,
  particulars: Pick<ProblemDocument, 'errors' | 'transaction_id'> = {},
): ProblemDocument {
  return { type: `urn:payouts:problem:${code.replaceAll('_', '-')}`, code, ...PROBLEMS[code], ...particulars };
}

/** What a state machine or a Lambda answers: the API's templates turn it into HTTP. `body` is JSON text. */
export type Answer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export function problemAnswer(
  code: ProblemCode,
  particulars: Pick<ProblemDocument, 'errors' | 'transaction_id'> = {},
): Answer {
  const document = problemDocument(code, particulars);
  return {
    statusCode: document.status,
    headers: { 'Content-Type': PROBLEM_CONTENT_TYPE },
    body: JSON.stringify(document),
  };
}
