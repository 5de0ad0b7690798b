import { readFileSync } from 'node:fs';
import { problemDocument } from '../../domain/problem.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { PlaceholderError } from '../state-machine-definition.ts';

/** Not Velocity's own `${}`: a placeholder of ours that is left over would look like a variable of a request. */
const PLACEHOLDER = /@([A-Za-z]+)@/g;

/**
 * One mapping template of this folder with its `@Name@` placeholders replaced. We write them all ourselves: CDK's default for Step
 * Functions lets a body write JSON after it was validated, and answers 200 to an execution that timed out.
 *
 * @throws {PlaceholderError} when the placeholders of the file and those given are not the same.
 */
export function mappingTemplate(fileName: string, values: Readonly<Record<string, string>> = {}): string {
  const source = readFileSync(new URL(fileName, import.meta.url), 'utf8');
  const used = new Set([...source.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  const unmatched = [...used].filter((name) => !Object.hasOwn(values, name));
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unmatched.length > 0) throw new PlaceholderError(`${fileName} uses, and nobody gives: ${unmatched.join(', ')}`);
  if (unused.length > 0) throw new PlaceholderError(`${fileName} does not use: ${unused.join(', ')}`);
  return source.replaceAll(PLACEHOLDER, (placeholder, name: string) => values[name] ?? placeholder);
}

/**
 * A problem's document as text that a template prints unchanged.
 *
 * @throws {PlaceholderError} when it holds a character that starts something in Velocity.
 */
export function problemText(code: ProblemCode): string {
  const text = JSON.stringify(problemDocument(code));
  if (/[$#@]/.test(text)) throw new PlaceholderError(`The problem ${code} would not stand unchanged in a template.`);
  return text;
}
