import type { Scope } from './scope.ts';

const base: Omit<Scope, 'name'> = {
  profile: 'never-dedupes',
  resubmission: 'never',
  requests: 1,
  lostAnswers: 0,
  crashes: 0,
  delays: 0,
  deliveries: 0,
  answers: ['Ok'],
  endings: ['completed'],
};
const combos: Scope[] = [];
for (const requests of [1, 2] as const)
  for (const deliveries of [0, 1])
    for (const [lostAnswers, crashes, delays] of [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 0],
      [1, 1, 1],
    ] as const)
      for (const resubmission of ['never', 'after-quiet-period'] as const)
        combos.push({
          ...base,
          resubmission,
          requests,
          deliveries,
          lostAnswers,
          crashes,
          delays,
          name: `${resubmission === 'never' ? 'n' : 'q'}-r${requests}-w${deliveries}-l${lostAnswers}c${crashes}d${delays}`,
        });
export const SCOPES: readonly { readonly scope: Scope }[] = combos.map((scope) => ({ scope }));
