/** One way to weaken a condition in JSONata: which operand is taken for what, and the condition with it. */
export type Weakened = { readonly what: string; readonly text: string };

const SHOWN_MAX_CHARACTERS = 90;

/**
 * Every operand of `and` taken for true, every operand of `or` for false, and the question of every `? :` for both. Strings in these
 * conditions hold none of these words.
 * @param condition without `{%` and `%}`
 */
export function weakenedOperands(condition: string): Weakened[] {
  return [...partsOf(condition)].flatMap(({ start, end, ends }) => {
    const operand = condition.slice(start, end).trim();
    const values = ends === '?' ? ['true', 'false'] : [ends === 'and' ? 'true' : 'false'];
    return values.map((value) => ({
      what: `${ends} (${shown(operand)}) is always ${value}`,
      text: `${condition.slice(0, start)} ${value} ${condition.slice(end)}`,
    }));
  });
}

type Part = { readonly start: number; readonly end: number; readonly ends: 'and' | 'or' | '?' };
type Open = { start: number; word: 'and' | 'or' | undefined; readonly isGroup: boolean };

/** Walks through the condition once; a bracket opens a condition or an object of its own, or a list or a function's arguments, which are none. */
function* partsOf(condition: string): Generator<Part> {
  const stack: Open[] = [{ start: 0, word: undefined, isGroup: true }];
  const tokens = [...condition.matchAll(/[()[\]{}?:,]|\s(?:and|or)\s/g), { 0: '', index: condition.length }];
  for (const { 0: token, index } of tokens) {
    const here = stack.at(-1);
    if (!here) throw new Error(`The brackets do not match: ${condition}`);
    const word = token.trim();
    if (word !== '' && '([{'.includes(word)) {
      const isGroup = word === '{' || (word === '(' && !/\w$/.test(condition.slice(0, index)));
      stack.push({ start: index + 1, word: undefined, isGroup });
      continue;
    }
    if (word === 'and' || word === 'or') {
      if (here.word !== undefined && here.word !== word) throw new Error(`and beside or: ${condition}`);
      if (here.isGroup) yield { start: here.start, end: index, ends: word };
      here.word = word;
    } else if (here.isGroup && here.word !== undefined) {
      yield { start: here.start, end: index, ends: here.word };
      here.word = undefined;
    } else if (here.isGroup && word === '?') {
      yield { start: here.start, end: index, ends: '?' };
    }
    here.start = index + token.length;
    if (word !== '' && ')]}'.includes(word)) stack.pop();
  }
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SHOWN_MAX_CHARACTERS ? `${line.slice(0, SHOWN_MAX_CHARACTERS)}…` : line;
}
