const RealDate = Date;

/**
 * Lets every `Date` of this process without arguments show the time of a simulated world, for libraries that ask for no clock
 * (Powertools). Gives back what undoes it.
 */
export function showTimeOf(nowMs: () => number): () => void {
  class VirtualDate extends RealDate {
    constructor(...args: [] | [number | string]) {
      if (args.length === 0) super(nowMs());
      else super(...args);
    }

    static override now(): number {
      return nowMs();
    }
  }
  globalThis.Date = VirtualDate as DateConstructor;
  return () => {
    globalThis.Date = RealDate;
  };
}
