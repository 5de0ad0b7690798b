import { at, type Resource, resourcesOf } from '../synthesis.ts';
import { type Rule, type Sabotage, type Stack, withValue } from './rule.ts';

export type Guard = {
  /** Below the resource, such as `['Properties', 'KmsKeyId']`. */
  readonly path: readonly (string | number)[];
  /** Whether what stands there protects. Undefined where nothing does. */
  isKept(value: unknown, resource: Resource, stack: Stack): boolean;
  /** Values that do not protect, beside having none at all. */
  readonly wrong?: readonly unknown[];
  /** Having none is what protects. */
  readonly isAbsent?: boolean;
  /** Resources that need it; by default all of the type. */
  appliesTo?(resource: Resource, stack: Stack): boolean;
};

/** The rule that each resource of a type has some properties. */
export function propertyRule(name: string, type: string, guards: readonly Guard[]): Rule {
  const watched = (stack: Stack) =>
    resourcesOf(stack.template, type).flatMap((resource) =>
      guards
        .filter(({ appliesTo = () => true }) => appliesTo(resource, stack))
        .map((guard) => ({ guard, resource, breach: `${resource.logicalId} ${guard.path.join('.')}` })),
    );
  return {
    name,
    breaches: (stack) =>
      watched(stack)
        .filter(({ guard, resource }) => !guard.isKept(at(resource, ...guard.path), resource, stack))
        .map(({ breach }) => breach),
    sabotages: (stack) =>
      watched(stack).flatMap(({ guard, resource, breach }) =>
        [...(guard.isAbsent ? [] : [undefined]), ...(guard.wrong ?? [])].map(
          (value): Sabotage => ({ breach, stack: withValue(stack, [resource.logicalId, ...guard.path], value) }),
        ),
      ),
  };
}

export const isPresent = (value: unknown) => value !== undefined;
export const is = (wanted: unknown) => (value: unknown) => JSON.stringify(value) === JSON.stringify(wanted);
export const isAtMost = (most: number) => (value: unknown) => typeof value === 'number' && value > 0 && value <= most;
