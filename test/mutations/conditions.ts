/** One way to weaken a condition expression of DynamoDB: what is dropped, and the expression without it. */
export type Weakened = { readonly dropped: string; readonly text: string };

/**
 * Every part that the condition requires, dropped on its own, and then the whole. What is dropped stays in the text as something that
 * always holds: DynamoDB refuses a request whose placeholders are not all used.
 */
export function weakened(condition: string): Weakened[] {
  const parts = requiredParts(condition);
  const whole = { dropped: 'the whole condition', text: holdingAlways(condition) };
  if (parts.length === 1) return [whole];
  const single = parts.map((part, index) => ({
    dropped: part,
    text: parts.with(index, holdingAlways(part)).join(' AND '),
  }));
  return [...single, whole];
}

function holdingAlways(part: string): string {
  const one = part.startsWith('(') ? part : `(${part})`;
  return `(${one} OR NOT ${one})`;
}

/** The operands of the outermost ANDs. `BETWEEN a AND b` is not used here, and refused. */
function requiredParts(condition: string): string[] {
  if (/\bBETWEEN\b/i.test(condition)) throw new Error(`BETWEEN is not taken apart: ${condition}`);
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const token of condition.split(/(\(|\)|\sAND\s)/)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0 && token.trim() === 'AND') {
      parts.push(part.trim());
      part = '';
    } else {
      part += token;
    }
  }
  return [...parts, part.trim()];
}
