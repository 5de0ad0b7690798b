import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Range, SortedMap } from '../../../../local/aws/dynamodb/sorted-map.ts';

const key = fc.constantFrom('a', 'aa', 'b', 'c', 'ca', '~');
const bounds = fc.record(
  { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.integer({ min: -1, max: 4 }) },
  { requiredKeys: [] },
);
const step = fc.oneof(
  fc.record({ set: key }),
  fc.record({ remove: key }),
  bounds.map((range) => ({ range })),
);

/** By the plainest means: `gte` goes before `gt`, and `lte` before `lt`. */
function rangeOf(model: ReadonlyMap<string, number>, { gt, gte, lt, lte, reverse, limit = -1 }: Range) {
  const isAbove = (name: string) => (gte === undefined ? gt === undefined || name > gt : name >= gte);
  const isBelow = (name: string) => (lte === undefined ? lt === undefined || name < lt : name <= lte);
  const found = [...model].filter(([name]) => isAbove(name) && isBelow(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (reverse) found.reverse();
  return limit < 0 ? found : found.slice(0, limit);
}

it('gives what is in it in the order of the keys, whatever came and went before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const map = new SortedMap<number>();
      const model = new Map<string, number>();
      for (const [index, one] of steps.entries()) {
        if ('set' in one) {
          map.set(one.set, index);
          model.set(one.set, index);
        } else if ('remove' in one) {
          map.delete(one.remove);
          model.delete(one.remove);
        } else expect(map.range(one.range)).toEqual(rangeOf(model, one.range));
      }
      expect(map.range({})).toEqual(rangeOf(model, {}));
      for (const name of ['a', 'aa', 'b', 'nothing']) expect(map.get(name)).toBe(model.get(name));
    }),
    { numRuns: 500 },
  );
});
