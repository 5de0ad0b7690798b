/** An expression that DynamoDB would not accept, or that is not evaluated here. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError' as const;
}

const TOKEN = /\s*([#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),.+\-[\]])/y;

/** Words, names, values and signs of one expression, read from left to right. */
export class Tokens {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  /** @throws {ExpressionError} where a character belongs to no token */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  /** @throws {ExpressionError} at the end */
  next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new ExpressionError(`"${this.#text}" ends early.`);
    return token;
  }

  /** Takes the word if it stands here, whatever its case. */
  takes(word: string): boolean {
    if (this.peek()?.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  /** @throws {ExpressionError} where something else stands here */
  expect(word: string): void {
    if (!this.takes(word)) throw new ExpressionError(`"${this.#text}" has ${this.peek()} where ${word} belongs.`);
  }

  /** @throws {ExpressionError} where something is left over */
  end(): void {
    if (this.peek() !== undefined) throw new ExpressionError(`"${this.#text}" goes on after its end: ${this.peek()}.`);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new ExpressionError(`"${text}" cannot be read from character ${at} on.`);
    tokens.push(token);
  }
  return tokens;
}
