import type { Item, StoredValue } from './stored-value.ts';

/** `a.b[0]` as its steps. */
export type Path = readonly (string | number)[];

export function pathsOf(paths: readonly Path[]): readonly Path[] {
  return paths.map((path) => (Array.isArray(path) ? path : [path as unknown as string]));
}

/** What stands at a path; undefined where the path ends early. */
export function at(item: Item, path: Path): StoredValue | undefined {
  let value: StoredValue | undefined = item;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, StoredValue | undefined>)[step];
  }
  return value;
}

/** The item with these attributes alone. */
export function project(item: Item, paths: readonly Path[]): Item {
  const shown: Item = {};
  for (const path of paths) {
    const value = at(item, path);
    const [name] = path;
    if (value === undefined) continue;
    if (path.length > 1 || typeof name !== 'string') throw new Error('The simulation projects whole attributes only');
    shown[name] = value;
  }
  return shown;
}
