import { TemplateSyntaxError } from './errors.ts';
import { parseExpression, parseReference } from './parse-expression.ts';
import { Reader } from './reader.ts';
import type { Branch, Expression, Node } from './syntax.ts';

/** API Gateway's limit for one mapping template (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const TEMPLATE_CHARACTERS_MAX = 300 * 1024;

/** Directives of Velocity that are not run here, and are refused by name rather than printed as text. */
const NOT_RUN = /#\{?(?:macro|define|evaluate|include|parse|literal)\}?(?![A-Za-z0-9_])|#@/;
const DIRECTIVE =
  /#(?:\{(set|if|elseif|else|end|foreach|break|stop)\}|(set|if|elseif|else|end|foreach|break|stop)(?![A-Za-z0-9_]))/;
const LINE_REST = /[ \t]*(?:\r\n|\n|\r)/;

/**
 * Reads a template in the dialect of Apache Velocity 1.7, the version whose user guide AWS's documentation points at
 * (https://velocity.apache.org/engine/1.7/user-guide.html; that API Gateway runs this very version is an assumption). White
 * space is kept and dropped exactly as 1.7 does: a directive takes the rest of its line with it when nothing else is there.
 *
 * What templates for an API seldom need and what Velocity's versions read differently is refused by name: macros, included
 * files, and a backslash before a reference or a directive.
 *
 * @throws {TemplateSyntaxError} naming line and column.
 */
export function parseTemplate(text: string): readonly Node[] {
  if (/[$#]$/.test(text)) throw new TemplateSyntaxError('Velocity 1.7 cannot read a template that ends with $ or #');
  return parseText(text);
}

/** A whole template, or the inside of a double-quoted string. */
function parseText(text: string): readonly Node[] {
  const reader = new Reader(text, parseText);
  if (text.length > TEMPLATE_CHARACTERS_MAX) throw reader.error('a mapping template holds at most 300 KB');
  const nodes = parseNodes(reader);
  if (!reader.isAtEnd) throw reader.error(`${reader.look(DIRECTIVE)?.[0] ?? 'this'} closes nothing`);
  return nodes;
}

/** Up to the end, or to an #else, #elseif or #end of whoever asked, which is left standing. */
function parseNodes(reader: Reader): readonly Node[] {
  const nodes: Node[] = [];
  while (!reader.isAtEnd) {
    const text = takeText(reader);
    const directive = reader.look(DIRECTIVE);
    const name = directive?.[1] ?? directive?.[2];
    const isIndent = name === 'set' && /^[ \t]+$/.test(text);
    if (text !== '' && !isIndent) nodes.push({ kind: 'text', text });
    if (name === 'else' || name === 'elseif' || name === 'end') break;
    const node = name === undefined ? parseMark(reader) : parseDirective(reader, name);
    if (node) nodes.push(node);
  }
  return nodes;
}

/** Text up to the next `$` or `#` that could mean something. */
function takeText(reader: Reader): string {
  const text = reader.take(/[^$#]+/)?.[0] ?? '';
  if (text.endsWith('\\') && (reader.look(/\$!?\{?[A-Za-z]/) || reader.look(DIRECTIVE))) {
    throw reader.error('a backslash before a reference or a directive is read in two ways: write it without');
  }
  return text;
}

/** A reference, a comment, or a lone `$` or `#`, which is text. */
function parseMark(reader: Reader): Node | undefined {
  if (reader.isAtEnd) return undefined;
  if (reader.startsWith('$')) {
    const reference = parseReference(reader);
    return reference ? { kind: 'reference', reference } : takeLone(reader);
  }
  if (reader.take(/##[^\r\n]*(?:\r\n|\n|\r)?/)) return undefined;
  if (reader.take(/#\*/)) {
    reader.takeUntil('*#', 'a comment');
    return undefined;
  }
  if (reader.take(/#\[\[/)) return { kind: 'text', text: reader.takeUntil(']]#', 'an unparsed block') };
  const refused = reader.look(NOT_RUN);
  if (refused) throw reader.error(`${refused[0]} is not run here`);
  return takeLone(reader);
}

function takeLone(reader: Reader): Node {
  const text = reader.text.charAt(reader.at);
  reader.at += 1;
  return { kind: 'text', text };
}

function parseDirective(reader: Reader, name: string): Node {
  reader.take(DIRECTIVE);
  if (name === 'set') return parseSet(reader);
  if (name === 'if') return parseIf(reader);
  if (name === 'foreach') return parseForeach(reader);
  return name === 'break' ? { kind: 'break' } : { kind: 'stop' };
}

function parseSet(reader: Reader): Node {
  openArguments(reader, '#set');
  const target = parseReference(reader);
  if (!target) throw reader.error('#set needs a reference to set');
  if (target.steps.at(-1)?.kind === 'method') throw reader.error('#set cannot set what a method returns');
  reader.skipSpace();
  reader.expect('=', '#set');
  const value = parseExpression(reader);
  closeArguments(reader, '#set');
  return { kind: 'set', target, value };
}

function parseIf(reader: Reader): Node {
  const branches: Branch[] = [{ condition: parseCondition(reader), body: parseNodes(reader) }];
  for (;;) {
    const directive = reader.take(DIRECTIVE);
    const name = directive?.[1] ?? directive?.[2];
    if (name === 'elseif') {
      branches.push({ condition: parseCondition(reader), body: parseNodes(reader) });
      continue;
    }
    reader.take(LINE_REST);
    if (name === 'end') return { kind: 'if', branches };
    if (name !== 'else' || branches.at(-1)?.condition === undefined) throw reader.error('#if has no #end');
    branches.push({ condition: undefined, body: parseNodes(reader) });
  }
}

function parseCondition(reader: Reader): Expression {
  openArguments(reader, '#if');
  const condition = parseExpression(reader);
  closeArguments(reader, '#if');
  return condition;
}

function parseForeach(reader: Reader): Node {
  openArguments(reader, '#foreach');
  const variable = parseReference(reader);
  if (!variable || variable.steps.length > 0) throw reader.error('#foreach needs a plain variable');
  reader.skipSpace();
  reader.expect('in', '#foreach');
  const source = parseExpression(reader);
  closeArguments(reader, '#foreach');
  const body = parseNodes(reader);
  const directive = reader.take(DIRECTIVE);
  if ((directive?.[1] ?? directive?.[2]) !== 'end') throw reader.error('#foreach has no #end');
  reader.take(LINE_REST);
  return { kind: 'foreach', variable: variable.root, source, body };
}

function openArguments(reader: Reader, directive: string): void {
  reader.take(/[ \t]+/);
  reader.expect('(', directive);
  reader.skipSpace();
}

function closeArguments(reader: Reader, directive: string): void {
  reader.skipSpace();
  reader.expect(')', directive);
  reader.take(LINE_REST);
}
