import type { Behaviour } from './behaviours.ts';
import type { RouteName } from './routes.ts';

/** What a script can look at to decide whether it is meant. Payee and amount are there for execute and validate. */
export type ScriptableRequest = {
  readonly route: RouteName;
  readonly uniqueReference: string | null;
  readonly amountCents: number | null;
  readonly payId: string | null;
  readonly accountNumber: string | null;
};

/** A uniqueReference, `*` for every request of the endpoint, or a predicate. */
export type Matcher = string | ((request: ScriptableRequest) => boolean);

export type ScriptOptions = {
  /** The endpoint it is for; default `execute`. Elsewhere only `answer` and `answerDelayMs` count. */
  readonly on?: RouteName;
  /** Matching requests until the script is used up; default: never used up. */
  readonly times?: number;
};

type Script = { readonly on: RouteName; readonly matcher: Matcher; readonly behaviour: Behaviour; timesLeft: number };

const SCRIPTS_MAX = 1_000;

/** Behaviours ordered for particular requests. The newest script that matches wins. */
export class ScriptBook {
  #scripts: Script[] = [];

  /**
   * @returns a function that takes the script back
   * @throws {RangeError} when a thousand scripts are waiting already
   */
  add(matcher: Matcher, behaviour: Behaviour, options: ScriptOptions = {}): () => void {
    if (this.#scripts.length >= SCRIPTS_MAX) throw new RangeError(`More than ${SCRIPTS_MAX} scripts are waiting`);
    const script: Script = {
      on: options.on ?? 'execute',
      matcher,
      behaviour,
      timesLeft: options.times ?? Number.POSITIVE_INFINITY,
    };
    this.#scripts.unshift(script);
    return () => this.#remove(script);
  }

  /** The behaviour for this request, if any; counts as one use of its script. */
  use(request: ScriptableRequest): Behaviour | undefined {
    const script = this.#scripts.find((candidate) => candidate.on === request.route && isMeant(candidate, request));
    if (!script) return undefined;
    script.timesLeft -= 1;
    if (script.timesLeft <= 0) this.#remove(script);
    return script.behaviour;
  }

  #remove(script: Script): void {
    this.#scripts = this.#scripts.filter((other) => other !== script);
  }
}

function isMeant({ matcher }: Script, request: ScriptableRequest): boolean {
  if (typeof matcher === 'function') return matcher(request);
  return matcher === '*' || matcher === request.uniqueReference;
}
