import { TemplateSyntaxError } from './errors.ts';
import type { Node } from './syntax.ts';

/** A place in a template's text. Patterns are matched where it stands and move it on. */
export class Reader {
  readonly text: string;
  readonly parseNested: (text: string) => readonly Node[];
  at = 0;

  /** How a string inside the template is read; given from outside, because templates and expressions hold each other. */
  constructor(text: string, parseNested: (text: string) => readonly Node[]) {
    this.text = text;
    this.parseNested = parseNested;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(literal: string): boolean {
    return this.text.startsWith(literal, this.at);
  }

  /** The match at this very place, which is consumed, or undefined. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const match = this.look(pattern);
    if (match) this.at += match[0].length;
    return match;
  }

  look(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    return sticky.exec(this.text) ?? undefined;
  }

  skipSpace(): void {
    this.take(/[ \t\r\n]+/);
  }

  /** @throws {TemplateSyntaxError} where `literal` does not stand here. */
  expect(literal: string, where: string): void {
    if (!this.startsWith(literal)) throw this.error(`expected ${literal} in ${where}`);
    this.at += literal.length;
  }

  /** Everything up to `end`, which is consumed too. @throws {TemplateSyntaxError} where it never comes. */
  takeUntil(end: string, what: string): string {
    const found = this.text.indexOf(end, this.at);
    if (found < 0) throw this.error(`${what} has no end`);
    const taken = this.text.slice(this.at, found);
    this.at = found + end.length;
    return taken;
  }

  error(problem: string): TemplateSyntaxError {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    return new TemplateSyntaxError(`line ${line}, column ${column}: ${problem}`);
  }
}
