import type { Template } from '../synthesis.ts';

/** One stack as the rules see it. */
export type Stack = { readonly id: string; readonly template: Template; readonly isProduction: boolean };

/** The same stack with one guard taken out, and the breach that the rule must then tell. */
export type Sabotage = { readonly breach: string; readonly stack: Stack };

/**
 * One rule that every stack keeps, whoever adds to it. It comes with its own proof: every guard that it watches is taken out of a copy
 * of the template, one at a time, and the rule must see each.
 */
export type Rule = {
  /** A sentence, for the report of the test. */
  readonly name: string;
  /** Each starts with the logical id of what breaks the rule. Empty for a sound stack. */
  breaches(stack: Stack): string[];
  sabotages(stack: Stack): Sabotage[];
};

type Path = readonly (string | number)[];

/** The stack with the value at a path of its resources replaced, or left out when it is undefined. The original stays as it is. */
export function withValue(stack: Stack, path: Path, value: unknown): Stack {
  const Resources = replaced(stack.template.Resources, path, value) as Template['Resources'];
  return { ...stack, template: { ...stack.template, Resources } };
}

function replaced(parent: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const child = replaced((parent as Record<string | number, unknown> | undefined)?.[key], rest, value);
  if (Array.isArray(parent)) {
    const index = Number(key);
    return child === undefined ? parent.toSpliced(index, 1) : parent.with(index, child);
  }
  const { [key]: _old, ...others } = Object(parent) as Record<string, unknown>;
  return child === undefined ? others : { ...others, [key]: child };
}
