const MULTIPLIER = 0x5deece66dn;
const INCREMENT = 0xbn;
const MASK_48_BITS = (1n << 48n) - 1n;

/**
 * The first `nextDouble()` of `java.util.Random(seed)`, which is what `$random(seed)` answers on AWS: seed 42 gives
 * 0.7275636800328681 (measured on AWS in https://github.com/floci-io/floci/issues/2662; the algorithm is specified in
 * https://docs.oracle.com/javase/8/docs/api/java/util/Random.html). A fraction in `seed` is dropped.
 */
export function seededRandom(seed: number): number {
  let state = (BigInt(Math.trunc(seed)) ^ MULTIPLIER) & MASK_48_BITS;
  const nextBits = (bits: bigint): bigint => {
    state = (state * MULTIPLIER + INCREMENT) & MASK_48_BITS;
    return state >> (48n - bits);
  };
  return Number((nextBits(26n) << 27n) + nextBits(27n)) / 2 ** 53;
}
