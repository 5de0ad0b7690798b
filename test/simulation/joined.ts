const known = new Map<string, Map<string, Map<string, string>>>();

/**
 * `one` + `between` + `other`, each text once: texts of a few names, which are counted by again and again, are not put together and hashed
 * every time.
 */
export function joined(one: string, between: string, other: string): string {
  const ofBetween = madeIn(known, between, () => new Map<string, Map<string, string>>());
  const ofOne = madeIn(ofBetween, one, () => new Map<string, string>());
  return madeIn(ofOne, other, () => one + between + other);
}

function madeIn<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
