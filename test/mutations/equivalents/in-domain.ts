import type { Equivalent } from './equivalent.ts';

export const inDomain: readonly Equivalent[] = [];
