import { type GateDeps, type Held, type Pass, passFor, reportLookUp } from './gate.ts';
import type { LookupResult, MonoovaLine, Told } from './ports.ts';

type Untold = Extract<Told<object>, { kind: 'unknown' }>;

/** Asks Monoova something that moves no money; resolves with the answer, or with why there is none. */
export type Ask<Line extends MonoovaLine> = <Answer extends LookupResult | Told<object>>(
  question: (line: Line) => Promise<Answer>,
) => Promise<Answer | Untold>;

/**
 * Questions behind the gate that all calls to Monoova pass: what holds a look-up (a key that Monoova refuses) holds these too, and what they
 * teach about the key counts for everybody. A pass is fetched with the first question, and again after a refusal.
 */
export function createAsk<Line extends MonoovaLine>(
  deps: GateDeps<Line>,
  invocation: { readonly attempt: string; readonly untilMs: number },
): Ask<Line> {
  let entry: Promise<Pass<Line> | Held> | undefined;
  const open = async () => passFor(deps, { ...invocation, call: 'look-up', controls: await deps.controls.read() });
  return async (question) => {
    entry ??= open();
    const pass = await entry;
    if (pass.kind === 'held') return { kind: 'unknown', detail: `calls are held (${pass.by})` };
    const answer = await question(pass.line);
    await reportLookUp(deps, pass, answer);
    if (answer.kind !== 'credentials-refused') return answer;
    deps.metrics.count('MonoovaCredentialsRefused');
    entry = undefined;
    return answer;
  };
}
