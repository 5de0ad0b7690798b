import type { Equivalent } from './equivalent.ts';

export const inMachines: readonly Equivalent[] = [];
