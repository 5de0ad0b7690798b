import type { Equivalent } from './equivalent.ts';

export const inFunctions: readonly Equivalent[] = [];
