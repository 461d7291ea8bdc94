/** Chances in whole numbers: their denominator, and a random word against a fraction of them. */

/** The denominator of published probabilities; sums of two of them are exact in a double. */
export const D = 2 ** 40;

/**
 * Return whether word / 2^64 < top / bottom: happens with that chance, to 2^-64.
 * @param {bigint} word 64 bits
 * @param {number} top whole, 0 <= top <= bottom
 * @param {number} bottom whole, below 2^53; 0 of 0 never happens
 */
export function below(word, top, bottom) {
  return (word * BigInt(bottom)) >> 64n < BigInt(top);
}
