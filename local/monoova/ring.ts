/** Keeps the newest `capacity` entries, so that a simulator left running for days does not grow. */
export class Ring<T> {
  readonly #capacity: number;
  #entries: T[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(entry: T): void {
    this.#entries.push(entry);
    // Cutting only at twice the capacity copies each entry once instead of on every add.
    if (this.#entries.length >= this.#capacity * 2) this.#entries = this.#entries.slice(-this.#capacity);
  }

  /** Oldest first. */
  all(): T[] {
    return this.#entries.slice(-this.#capacity);
  }

  findLast(matches: (entry: T) => boolean): T | undefined {
    return this.all().findLast(matches);
  }
}
