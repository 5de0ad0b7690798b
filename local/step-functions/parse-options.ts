import type { Definition, StateMachineType } from './definition.ts';
import type { ExpressionSources } from './expression-sources.ts';
import type { Resource } from './resource.ts';

export type ParseOptions = {
  readonly type: StateMachineType;
  /** Whether the task runner runs it. What it does not run is refused by name. */
  readonly supportsResource: (resource: Resource) => boolean;
  readonly sources: ExpressionSources;
};

export type ParseDefinition = (text: string, options: ParseOptions) => Definition;
