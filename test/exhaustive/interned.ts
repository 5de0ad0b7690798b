/** A value that stands once for all its equals, so that a state is a few numbers. */
export type Interned<Value> = { readonly id: number; readonly value: Value };

export class Interner<Value> {
  readonly #known = new Map<string, Interned<Value>>();

  /** @param key equal for equal values, and different for different ones */
  intern(value: Value, key: string = JSON.stringify(value)): Interned<Value> {
    const known = this.#known.get(key);
    if (known) return known;
    const fresh = { id: this.#known.size, value };
    this.#known.set(key, fresh);
    return fresh;
  }

  get size(): number {
    return this.#known.size;
  }
}
