import { readFileSync } from 'node:fs';
import { isScalar, parseDocument, visit } from 'yaml';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Placeholders = {
  /** Written as they are inside a string, such as a stage's name inside a path. */
  readonly texts?: Readonly<Record<string, string>>;
  /** A leaf that is the placeholder alone becomes the value; inside an expression it becomes JSON text, which is a JSONata literal. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Left in place: CloudFormation's `DefinitionSubstitutions` fills them in. */
  readonly deployed: readonly string[];
};

/** A placeholder that nobody gives a value, or a value that no placeholder takes: the synthesis stops and names it. */
export class PlaceholderError extends Error {
  override readonly name = 'PlaceholderError' as const;
}

/** A value that YAML cut at a ` #`, which starts a comment in unquoted text: expressions of DynamoDB hold such names. */
export class UnquotedValueError extends Error {
  override readonly name = 'UnquotedValueError' as const;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const SOLE_PLACEHOLDER = /^\$\{([^}]*)\}$/;

/**
 * Reads one state machine (YAML) and gives the text of its definition, with everything known at synthesis filled in.
 *
 * @throws {PlaceholderError} when the placeholders of the file and those given are not the same.
 * @throws {UnquotedValueError} when a comment stands behind a value.
 */
export function stateMachineDefinition(file: URL, placeholders: Placeholders): string {
  const source = readYaml(file);
  const used = new Set<string>();
  const definition = fill(source, placeholders, used);
  const unused = namesGiven(placeholders).filter((name) => !used.has(name));
  if (unused.length > 0) throw new PlaceholderError(`${fileName(file)} does not use: ${unused.join(', ')}`);
  const unknown = [...used].filter((name) => !namesGiven(placeholders).includes(name));
  if (unknown.length > 0) throw new PlaceholderError(`${fileName(file)} uses, and nobody gives: ${unknown.join(', ')}`);
  return JSON.stringify(definition);
}

function readYaml(file: URL): Json {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [fault] = document.errors;
  if (fault) throw fault;
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && node.comment) {
        throw new UnquotedValueError(`${fileName(file)}: put quotes round the value before "#${node.comment}"`);
      }
    },
  });
  return document.toJS();
}

function namesGiven({ texts = {}, values = {}, deployed }: Placeholders): string[] {
  return [...Object.keys(texts), ...Object.keys(values), ...deployed];
}

function fill(node: Json, placeholders: Placeholders, used: Set<string>): unknown {
  if (typeof node === 'string') return fillText(node, placeholders, used);
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => fill(item, placeholders, used));
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, placeholders, used)]));
}

function fillText(text: string, { texts = {}, values = {} }: Placeholders, used: Set<string>): unknown {
  const sole = SOLE_PLACEHOLDER.exec(text)?.[1];
  if (sole !== undefined && Object.hasOwn(values, sole)) {
    used.add(sole);
    return values[sole];
  }
  return onOneLine(text).replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    used.add(name);
    if (Object.hasOwn(texts, name)) return texts[name] ?? '';
    if (Object.hasOwn(values, name)) return JSON.stringify(values[name]);
    return placeholder;
  });
}

/** YAML's folding keeps the breaks of indented lines; nothing says that Step Functions takes an expression with them. */
function onOneLine(text: string): string {
  return text.startsWith('{%') ? text.replaceAll(/\s*\n\s*/g, ' ') : text;
}

function fileName(file: URL): string {
  return file.pathname.slice(file.pathname.lastIndexOf('/') + 1);
}
