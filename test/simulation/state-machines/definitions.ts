import type { Definition } from '../../../local/step-functions/definition.ts';
import { parseDefinition } from '../../../local/step-functions/definition-parse.ts';
import type { ExpressionSources } from '../../../local/step-functions/expression-sources.ts';
import type { ParseDefinition } from '../../../local/step-functions/parse-options.ts';

/** A machine and its mutants are a few hundred texts; whoever makes more of them pays with time. */
const REMEMBERED_MAX = 1_000;

/**
 * Definitions compiled once in a process. What their expressions ask of time and chance is answered by the world that runs:
 * there is one at a time.
 */
const remembered = { STANDARD: new Map<string, Definition>(), EXPRESS: new Map<string, Definition>() };
let current: ExpressionSources | undefined;

const sources: ExpressionSources = {
  clock: {
    nowMs: () => now().clock.nowMs(),
    after: (delayMs, run) => now().clock.after(delayMs, run),
  },
  newId: () => now().newId(),
  random: () => now().random(),
};

function now(): ExpressionSources {
  if (current) return current;
  throw new Error('No world runs');
}

/** Lets every compiled definition ask `given` from now on. */
export function answerExpressionsFrom(given: ExpressionSources): void {
  current = given;
}

export const parseOnce: ParseDefinition = (text, options) => {
  const ofType = remembered[options.type];
  const known = ofType.get(text);
  if (known) return known;
  const definition = parseDefinition(text, { ...options, sources });
  if (ofType.size >= REMEMBERED_MAX) ofType.clear();
  ofType.set(text, definition);
  return definition;
};
